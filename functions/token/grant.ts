import type { Client } from '../oauth/client.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { type ResourceServer, resourcesNamed } from '../oauth/resource-server.ts';
import type { Scope } from '../oauth/scope.ts';
import type { TokenRequest } from './request.ts';

/** The client credentials grant (RFC 6749 §4.4): for which resource server, and which scopes there. */
export interface Grant {
  readonly resourceServer: ResourceServer;
  readonly scope: Scope;
}

/** One of a client's grants: a resource server as it is registered, and the scope there. */
type ClientGrant = readonly [resource: string, scope: Scope];

/**
 * Tells which of the client's grants is meant (RFC 6749 §4.4, RFC 8707 §2).
 * @throws OAuthError `unauthorized_client`, `invalid_target`, `invalid_scope`
 */
export function requestedGrant(
  client: Client,
  { grant_type, resource, scope }: TokenRequest,
): ClientGrant {
  if (!client.grant_types.includes(grant_type)) {
    throw new OAuthError('unauthorized_client', 'the client may not use this grant_type');
  }
  if (resource === undefined) return impliedGrant(client, scope);
  const named = resourcesNamed(resource, client.grants.keys());
  const [grant, ...others] = [...client.grants].filter(([granted]) => named.includes(granted));
  if (grant && others.length === 0) return grant;
  throw invalidTarget(
    `the client has ${grant ? 'several grants' : 'no grant'} for ${loggable(resource)}`,
  );
}

/**
 * Decides what the client gets of a grant (RFC 6749 §3.3). Without a scope in the request it is all that the client
 * may have at the resource server.
 * @throws OAuthError `invalid_target`, `invalid_scope`
 */
export function decideGrant(
  [resource, granted]: ClientGrant,
  resourceServer: ResourceServer | undefined,
  asked: Scope | undefined,
): Grant {
  if (!resourceServer) throw invalidTarget(`${resource} is not registered`);
  const available = granted.intersection(resourceServer.scope);
  return { resourceServer, scope: scopeWithin(available, asked) };
}

function scopeWithin(available: Scope, asked: Scope | undefined): Scope {
  const scope = asked ?? available;
  if (scope.isSubsetOf(available)) return scope;
  throw new OAuthError('invalid_scope', 'scope exceeds what the client may have', {
    cause: `available: ${[...available].join(' ')}`,
  });
}

/**
 * RFC 9068 §3: without `resource`, the one grant there is, or the one that the scope names. Scope
 * of several resource servers, or of none, is `invalid_scope`.
 */
function impliedGrant(client: Client, scope: Scope | undefined): ClientGrant {
  const candidates = [...client.grants].filter(
    ([, granted]) => client.grants.size === 1 || scope?.isSubsetOf(granted),
  );
  const [grant, ...others] = candidates;
  if (grant && others.length === 0) return grant;
  const cause = `the request fits ${candidates.length} of ${client.grants.size} grants`;
  if (scope && !grant) {
    throw new OAuthError('invalid_scope', 'no resource server has all of the scope', { cause });
  }
  throw new OAuthError(
    'invalid_target',
    'resource is needed to tell which resource server is meant',
    { cause },
  );
}

/** What the log may have of a resource that a client has made up: nothing where a secret may stand. */
function loggable(resource: string): string {
  const url = new URL(resource);
  Object.assign(url, { username: '', password: '', search: '' });
  return url.href.slice(0, 200);
}

const invalidTarget = (cause: string): OAuthError =>
  new OAuthError('invalid_target', 'resource, or audience, is not one that the client may use', {
    cause,
  });
