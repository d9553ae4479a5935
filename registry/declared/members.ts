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

const name = v.pipe(text, byRule(parseClientName), v.maxLength(longestClientName));
const method = v.picklist(authMethods, `must be one of ${authMethods.join(', ')}`);
const keptAt = v.pipe(
  text,
  v.regex(/^[\w/+=.@:-]{1,2048}$/, 'must be the name or the ARN of a secret'),
);
const secret = v.strictObject(
  { secrets_manager: keptAt },
  'must be { secrets_manager: NAME_OR_ARN }',
);
const jwks = v.object({ keys: v.array(v.looseObject({})) }, 'must be a JWK Set');
const trust = v.array(v.looseObject({}, 'must be a trust rule'), 'must be a list of trust rules');
const subjects = Object.fromEntries(certificateSubjects.map((each) => [each, v.optional(text)]));

/** The members of a client in the order in which they are written. */
export const clientMembers = {
  client_id: clientId,
  client_name: v.optional(name),
  token_endpoint_auth_method: v.optional(method),
  secret: v.optional(secret),
  jwks: v.optional(jwks),
  jwks_uri: v.optional(text),
  strict_assertion_audience: v.optional(flag),
  trust: v.optional(trust),
  ...subjects,
  spiffe_id: v.optional(v.pipe(text, byRule(parseSpiffeId))),
  spiffe_bundle_endpoint: v.optional(text),
  grants: v.optional(v.record(v.string(), scope, grantsRule)),
  access_token_lifetime: v.optional(lifetime),
  dpop_bound_access_tokens: v.optional(flag),
  tls_client_certificate_bound_access_tokens: v.optional(flag),
  introspection_resources: v.optional(v.array(resource, 'must be a list of resource servers')),
  claims: v.optional(claims),
  disabled: v.optional(flag),
} as const;

/** The members of a resource server in the order in which they are written. */
export const resourceServerMembers = {
  resource,
  scope,
  access_token_lifetime: v.optional(lifetime),
  claims: v.optional(claims),
} as const;
