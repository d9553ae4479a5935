import type { BreakageTable } from './breakage-table.ts';
import { claims, key, response, tokenHeader } from './document-breakage.ts';

const anHourEarlier = (time: number) => time - 3600;

/** Breaks what RFC 9068 §2.2 asks for. */
export const accessTokenClaimsBreakages: BreakageTable = {
  'E03: iss, exp, aud, sub, client_id, iat and jti': {
    'has no aud': claims({ aud: undefined }),
    'has no client_id in its tokens': claims({ client_id: undefined }),
    'has a number as jti': claims({ jti: 5 }),
    'has a clock that is an hour late': claims({ iat: anHourEarlier, exp: anHourEarlier }),
  },
  'E03: exp is expires_in seconds after iat': {
    'adds a second to exp': claims({ exp: (exp: number) => exp + 1 }),
    'has expires_in as a string': response({ expires_in: String }),
    'has one lifetime for all': {
      ...response({ expires_in: 3600 }),
      ...claims({ exp: (_: number, { members }) => Number(members.iat) + 3600 }),
    },
  },
  'E04: without a resource owner, sub is the client': {
    'has one sub for all clients': claims({ sub: 'service' }),
    'has another client_id in its tokens': claims({ client_id: 'x' }),
  },
  'E05: scope says what was granted': {
    'has all scope in each token': claims({ scope: 'orders:read orders:write' }),
    'has scope as a list': claims({ scope: (scope?: string) => scope?.split(' ') }),
    'has no scope in its tokens': claims({ scope: undefined }),
    'adds scope of another resource server': claims({
      scope: (scope?: string) => (scope?.includes('ledger') ? `${scope} orders:write` : scope),
    }),
    'has scope for a client that has none': claims({
      scope: (scope?: string) => scope || 'orders:read',
    }),
  },
  'E08: no two tokens have the same jti': {
    'has always the same jti': claims({ jti: 'one' }),
    'has no jti': claims({ jti: undefined }),
  },
  'E09: kid is the thumbprint of the key': {
    'has no kid in its tokens': tokenHeader({ kid: undefined }),
    'has a kid in its tokens that no key has': tokenHeader({ kid: 'another' }),
    'has a kid of its own making': { ...tokenHeader({ kid: 'first' }), ...key({ kid: 'first' }) },
    'has no nbf': claims({ nbf: undefined }),
    'has tokens that are not valid yet': claims({ nbf: (nbf: number) => nbf + 5 }),
  },
};
