import * as v from 'valibot';
import { authMethods, certificateSubjects } from '../../functions/oauth/client.ts';
import { longestClientName, parseClientName } from '../rules.ts';
import { parseSpiffeId } from '../spiffe-workload.ts';
import {
  byRule,
  claims,
  clientId,
  flag,
  grantsRule,
  lifetime,
  resource,
  scope,
  text,
} from './values.ts';

/** A member of a declaration, with what editors say of it. */
const said = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

const subjects = Object.fromEntries(
  certificateSubjects.map((name) => [
    name,
    v.optional(said(text, 'What the certificate of a client of tls_client_auth names.')),
  ]),
);

/** The members of a client in the order in which they are written. */
export const clientMembers = {
  client_id: said(clientId, 'The client_id (RFC 6749 §2.2).'),
  client_name: v.optional(
    said(
      v.pipe(text, byRule(parseClientName), v.maxLength(longestClientName)),
      'Its name for people. Default: the client_id.',
    ),
  ),
  token_endpoint_auth_method: v.optional(
    said(
      v.picklist(authMethods, `must be one of ${authMethods.join(', ')}`),
      'How it authenticates (RFC 7591 §2). Default: client_secret_basic.',
    ),
  ),
  secret: v.optional(
    said(
      v.strictObject(
        {
          secrets_manager: v.pipe(
            text,
            v.regex(/^[\w/+=.@:-]{1,2048}$/, 'must be the name or the ARN of a secret'),
          ),
        },
        'must be { secrets_manager: NAME_OR_ARN }',
      ),
      'Where `countersign apply` puts the secret that it makes for a client that has none: an AWS Secrets Manager secret, by name or ARN.',
    ),
  ),
  jwks: v.optional(
    said(
      v.object({ keys: v.array(v.looseObject({})) }, 'must be a JWK Set'),
      'Its public keys (RFC 7517 §5).',
    ),
  ),
  jwks_uri: v.optional(said(text, 'Where it publishes its public keys.')),
  strict_assertion_audience: v.optional(
    said(flag, 'Whether its assertions must name the issuer alone as their audience.'),
  ),
  trust: v.optional(
    said(
      v.array(v.looseObject({}, 'must be a trust rule'), 'must be a list of trust rules'),
      'Whom a federated client trusts: rules, or presets such as {"platform": "github", "repository": "octo-org/app"}.',
    ),
  ),
  ...subjects,
  spiffe_id: v.optional(said(v.pipe(text, byRule(parseSpiffeId)), 'Its SPIFFE ID.')),
  spiffe_bundle_endpoint: v.optional(said(text, 'Where its trust domain publishes its bundle.')),
  grants: v.optional(
    said(
      v.record(v.string(), scope, grantsRule),
      'Resource server -> what it may do there: scope-tokens with spaces between. Default: none.',
    ),
  ),
  access_token_lifetime: v.optional(
    said(lifetime, "Seconds that its tokens live. Default: the resource server's."),
  ),
  dpop_bound_access_tokens: v.optional(
    said(flag, 'Whether all its tokens are bound to a DPoP key (RFC 9449 §5.2). Default: false.'),
  ),
  tls_client_certificate_bound_access_tokens: v.optional(
    said(flag, 'Whether all its tokens are bound to its certificate (RFC 8705 §3.4).'),
  ),
  introspection_resources: v.optional(
    said(
      v.array(resource, 'must be a list of resource servers'),
      'The resource servers whose tokens it may introspect (RFC 7662). Default: none.',
    ),
  ),
  claims: v.optional(said(claims, 'What its tokens say, too: claim -> any JSON value.')),
  disabled: v.optional(said(flag, 'Whether it gets no tokens. Default: false.')),
} as const;

/** The members of a resource server in the order in which they are written. */
export const resourceServerMembers = {
  resource: said(resource, 'Its identifier, an absolute URI (RFC 8707 §2).'),
  scope: said(scope, 'What clients may be granted there: scope-tokens with spaces between.'),
  access_token_lifetime: v.optional(
    said(lifetime, "Seconds that tokens for it live. Default: the deployment's."),
  ),
  claims: v.optional(said(claims, 'What tokens for it say, too: claim -> any JSON value.')),
} as const;
