import * as v from 'valibot';
import { authMethods, certificateSubjects } from '../../functions/oauth/client.ts';
import { parseScope } from '../../functions/oauth/scope.ts';
import { RegistryError } from '../registry-error.ts';
import {
  clientIdPattern,
  lifetimes,
  longestClientName,
  longestResource,
  parseClientId,
  parseClientName,
  parseLifetime,
  parseResource,
} from '../rules.ts';
import { parseSpiffeId } from '../spiffe-workload.ts';

/** A member of a declaration, with what editors say of it. */
const said = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

const text = v.string('must be a text');
const flag = v.boolean('must be true or false');

/** A text by one of the registry's rules, which says what is wrong. What comes behind it in a pipe is for editors. */
const byRule = (rule: (text: string) => unknown) =>
  v.rawCheck<string>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const message = refusal(() => rule(dataset.value));
    if (message !== undefined) addIssue({ message });
  });

/** What a rule of the registry says against something; undefined: nothing. */
export function refusal(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError) return error.message;
    throw error;
  }
}

const clientId = v.pipe(text, byRule(parseClientId), v.regex(clientIdPattern));
const resource = v.pipe(text, byRule(parseResource), v.maxLength(longestResource));
const scope = v.pipe(text, byRule(checkScope), v.maxLength(2048));
const lifetime = v.pipe(
  v.number('must be a number of seconds'),
  v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed && refusal(() => parseLifetime(String(dataset.value)));
    if (message) addIssue({ message });
  }),
  v.integer(),
  v.minValue(lifetimes.least),
  v.maxValue(lifetimes.most),
);

/** A scope, which may be empty: such a grant is for tokens without scope. */
function checkScope(written: string): void {
  try {
    if (written !== '') parseScope(written);
  } catch {
    throw new RegistryError(
      'input',
      'a scope is words parted by one space, of visible ASCII characters but " and \\, and of 2048 characters at most',
    );
  }
}

/** checkClaims looks closer. */
const claims = v.looseObject({}, 'must be an object: claim -> value');

/** What is said of grants that are no object. */
export const grantsRule = 'must be an object: resource server -> scope';

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
