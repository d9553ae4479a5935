import * as v from 'valibot';
import { authMethods, type Client } from '../oauth/client.ts';
import type { CustomClaims, Json } from '../oauth/custom-claims.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import { formatScope, parseScope, type Scope } from '../oauth/scope.ts';
import {
  type ClaimValue,
  type ClaimValues,
  ruleLifetimes,
  type TrustRule,
} from '../oauth/trust-rule.ts';
import { type Item, maybe, parseItem } from './item.ts';

/** The registry table's key attribute, and the values it takes; the key ring's is keyRingKey. */
export const registryKey = {
  client: (client_id: string) => ({ pk: `client#${client_id}` }),
  resourceServer: (resource: string) => ({ pk: `resource#${resource}` }),
  /** One item {resource}: what `countersign client create --scope` refers to. */
  defaultResourceServer: () => ({ pk: 'default-resource' }),
} as const;

/** Writes a client as the plain record that is marshalled into its item. */
export function clientItem(client: Client): Item {
  const { grants, ...rest } = client;
  return {
    ...registryKey.client(client.client_id),
    ...rest,
    grants: Object.fromEntries(
      [...grants].map(([resource, scope]) => [resource, formatScope(scope)]),
    ),
  };
}

/**
 * Reads a client from its item.
 * @throws Error when the item is not one that we wrote; see parseItem
 */
export function parseClient(item: Item): Client {
  return parseItem(clientSchema, item);
}

/** Writes a resource server as the plain record that is marshalled into its item. */
export function resourceServerItem(server: ResourceServer): Item {
  return {
    ...registryKey.resourceServer(server.resource),
    ...server,
    scope: formatScope(server.scope),
  };
}

/**
 * Reads a resource server from its item.
 * @throws Error when the item is not one that we wrote; see parseItem
 */
export function parseResourceServer(item: Item): ResourceServer {
  return parseItem(resourceServerSchema, item);
}

const numericDate = v.number();
const seconds = v.number();

/** The empty scope is no scope of RFC 6749 §3.3, but a client may have a grant without any scope. */
const scopeSchema = v.pipe(
  v.string(),
  v.rawTransform<string, Scope>(({ dataset: { value }, addIssue, NEVER }) => {
    try {
      return value === '' ? new Set<string>() : parseScope(value);
    } catch {
      addIssue();
      return NEVER;
    }
  }),
);

const jwksSchema = v.object({ keys: v.array(v.looseObject({ kty: v.string() })) });

/** An empty object or list is no condition that anybody meant: any object would meet it. */
const isClaimValue = (value: unknown): value is ClaimValue =>
  typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0 && Object.values(value).every(isClaimValue)
    : ['string', 'number', 'boolean'].includes(typeof value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const jsonPrototypes: readonly unknown[] = [Object.prototype, Array.prototype];

/** Sets and binary values of DynamoDB are none. */
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null
    ? jsonPrototypes.includes(Object.getPrototypeOf(value)) && Object.values(value).every(isJson)
    : value === null || ['string', 'number', 'boolean'].includes(typeof value);

/**
 * What may be in them is for registry/claims.ts alone: a name that only this release reserves must not lock out a
 * client, and a claim of this server counts before one that is stored. Records from before there was any of this have none.
 */
const claimsSchema = v.optional(
  v.custom<CustomClaims>((value) => isObject(value) && isJson(value)),
  {},
);

// Not v.record, which drops members called `constructor`: a rule must not lose a condition.
const isClaimValues = (value: unknown): value is ClaimValues =>
  isObject(value) && Object.values(value).every(isClaimValue);

/** One of stars alone lets everybody in. */
const isGlob = (value: unknown): boolean => typeof value === 'string' && !/^\**$/.test(value);

const isLifetime = (value: unknown): boolean =>
  Number.isInteger(value) &&
  Number(value) >= ruleLifetimes.least &&
  Number(value) <= ruleLifetimes.most;

const trustRuleMembers = {
  issuer: v.string(),
  subject: maybe(v.string()),
  subject_glob: maybe(v.custom<string>(isGlob)),
  audience: v.string(),
  claims: v.custom<ClaimValues>(isClaimValues),
  single_use: v.optional(v.boolean(), true),
  max_lifetime: v.custom<number>(isLifetime),
  // A rule from before there was any of this has its keys found by discovery.
  jwks: v.optional(jwksSchema),
  jwks_uri: v.optional(v.string()),
  jwks_ca: v.optional(v.string()),
};

/**
 * An unknown member may be a condition, and whoever ignores it trusts too much. valibot itself forgets one
 * called `constructor`.
 */
const hasKnownMembers = (value: unknown): boolean =>
  isObject(value) && Object.keys(value).every((name) => Object.hasOwn(trustRuleMembers, name));

// Whatever registration would not have let in is none of ours (registry/trust).
const trustRuleSchema: v.GenericSchema<unknown, TrustRule> = v.pipe(
  v.custom(hasKnownMembers),
  v.object(trustRuleMembers),
  v.check(({ subject, subject_glob }) => (subject === undefined) !== (subject_glob === undefined)),
);

// Unknown members are ignored: a release that is taken back must not lock out the clients that it
// has written.
const clientSchema: v.GenericSchema<unknown, Client> = v.object({
  client_id: v.string(),
  client_name: v.string(),
  token_endpoint_auth_method: v.picklist(authMethods),
  grant_types: v.array(v.string()),
  grants: v.pipe(
    v.record(v.string(), scopeSchema),
    v.transform((grants) => new Map(Object.entries(grants))),
  ),
  secrets: v.array(
    v.object({
      id: v.string(),
      hash: v.string(),
      created_at: numericDate,
      expires_at: maybe(numericDate),
    }),
  ),
  tls_client_auth_subject_dn: v.optional(v.string()),
  tls_client_auth_san_dns: v.optional(v.string()),
  tls_client_auth_san_uri: v.optional(v.string()),
  tls_client_auth_san_ip: v.optional(v.string()),
  tls_client_auth_san_email: v.optional(v.string()),
  jwks: maybe(jwksSchema),
  jwks_uri: maybe(v.string()),
  // Clients that were written before there was any of this have none of it.
  strict_assertion_audience: v.optional(v.boolean(), false),
  trust: v.optional(v.array(trustRuleSchema), []),
  spiffe_id: v.optional(v.string()),
  spiffe_bundle_endpoint: v.optional(v.string()),
  dpop_bound_access_tokens: v.optional(v.boolean(), false),
  tls_client_certificate_bound_access_tokens: v.optional(v.boolean(), false),
  access_token_lifetime: maybe(seconds),
  introspection_resources: v.optional(v.array(v.string()), []),
  claims: claimsSchema,
  tokens_not_before: v.optional(numericDate),
  // Whatever is not a plain `false` disables.
  disabled: v.fallback(v.boolean(), true),
  created_at: numericDate,
  updated_at: numericDate,
});

const resourceServerSchema: v.GenericSchema<unknown, ResourceServer> = v.object({
  resource: v.string(),
  scope: scopeSchema,
  access_token_lifetime: maybe(seconds),
  claims: claimsSchema,
  tokens_not_before: v.optional(numericDate),
  created_at: numericDate,
  updated_at: numericDate,
});
