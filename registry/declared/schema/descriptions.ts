import { certificateSubjects } from '../../../functions/oauth/client.ts';
import type { clientMembers, resourceServerMembers } from '../members.ts';

type DescriptionsOf<Members> = { readonly [Name in keyof Members]: string };

const subjects = Object.fromEntries(
  certificateSubjects.map((name) => [
    name,
    'What the certificate of a client of tls_client_auth names (RFC 8705 §2.1.2).',
  ]),
);

/** What an editor says of a member of a client, with its default. */
export const clientDescriptions: DescriptionsOf<typeof clientMembers> = {
  ...subjects,
  client_id: 'The client_id (RFC 6749 §2.2).',
  client_name: 'Its name for people. Default: the client_id.',
  token_endpoint_auth_method: 'How it authenticates (RFC 7591 §2). Default: client_secret_basic.',
  secret:
    'Where `countersign apply` puts the secret that it makes for a client that has none: an AWS Secrets Manager secret, by name or ARN. Default: nowhere.',
  jwks: 'Its public keys (RFC 7517 §5).',
  jwks_uri: 'Where it publishes its public keys.',
  strict_assertion_audience:
    'Whether its assertions must name the issuer alone as their audience. Default: false.',
  trust:
    'Whom a federated client trusts: rules, or presets such as {"platform": "github", "repository": "octo-org/app"}.',
  spiffe_id: 'Its SPIFFE ID, or those below a path: .../*',
  spiffe_bundle_endpoint: 'Where its trust domain publishes its bundle.',
  grants:
    'Resource server -> what it may do there: scope-tokens with spaces between. Default: none.',
  access_token_lifetime: "Seconds that its tokens live. Default: the resource server's.",
  dpop_bound_access_tokens:
    'Whether all its tokens are bound to a DPoP key (RFC 9449 §5.2). Default: false.',
  tls_client_certificate_bound_access_tokens:
    'Whether all its tokens are bound to its certificate (RFC 8705 §3.4). Default: false.',
  introspection_resources:
    'The resource servers whose tokens it may introspect (RFC 7662). Default: none.',
  claims: 'What its tokens say, too: claim -> any JSON value. Default: nothing.',
  disabled: 'Whether it gets no tokens. Default: false.',
};

/** The same of a resource server. */
export const resourceServerDescriptions: DescriptionsOf<typeof resourceServerMembers> = {
  resource: 'Its identifier, an absolute URI (RFC 8707 §2).',
  scope: 'What clients may be granted there: scope-tokens with spaces between.',
  access_token_lifetime: "Seconds that tokens for it live. Default: the deployment's.",
  claims: 'What tokens for it say, too: claim -> any JSON value. Default: nothing.',
};
