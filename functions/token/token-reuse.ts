import QuickLRU from 'quick-lru';
import type { AccessTokenClaims } from './access-token.ts';
import type { SignedAccessToken, Unsigned } from './signature.ts';

/** Tokens that were signed a moment ago and may be issued again. */
export interface TokenReuse {
  /** A token of this key with the same claims, except for the times, `jti` and `status`. */
  find(unsigned: Unsigned, kid: string): SignedAccessToken | undefined;
  cache(token: SignedAccessToken): void;
}

/** For a deployment that signs a token for each request. */
export const noTokenReuse: TokenReuse = { find: () => undefined, cache: () => undefined };

/** QuickLRU holds up to twice as many: some megabytes at most. */
const maxSize = 1000;

/**
 * Caches tokens in this instance for `seconds`. A token is not reused when less than half of its lifetime
 * is left, when its key is no longer active, when it is bound to a DPoP key, or when it was issued before the
 * tokens of its client or for its resource server were revoked.
 */
export function tokenReuse({
  seconds,
  now,
}: {
  readonly seconds: number;
  /** NumericDate. */
  readonly now: () => number;
}): TokenReuse {
  const cached = new QuickLRU<string, SignedAccessToken>({ maxSize });
  return {
    find({ claims, tokens_not_before }, kid) {
      const token = cached.get(cacheKey(claims, kid));
      if (token === undefined || claims.cnf?.jkt !== undefined) return undefined;
      const { iat, exp } = token.claims;
      if (iat < tokens_not_before) return undefined;
      const age = now() - iat;
      // A negative age: the clock was put back, which must not prolong the cache.
      return age >= 0 && age < seconds && age <= (exp - iat) / 2 ? token : undefined;
    },
    cache(token) {
      const { claims, kid } = token;
      if (claims.cnf?.jkt === undefined) cached.set(cacheKey(claims, kid), token);
    },
  };
}

/** Cache key: all claims but the times, and what each token has of its own. */
function cacheKey(
  { iat, nbf, exp, jti, status, scope, ...claims }: AccessTokenClaims,
  kid: string,
): string {
  const scopes = scope?.split(' ').sort();
  return JSON.stringify([kid, exp - iat, scopes, Object.entries(claims).sort()]);
}
