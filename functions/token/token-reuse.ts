import QuickLRU from 'quick-lru';
import type { AccessTokenClaims } from './access-token.ts';
import type { SignedAccessToken } from './signature.ts';

/** Tokens that were signed a moment ago, and may be given out once more. */
export interface TokenReuse {
  /** One that says the same as these claims but for its times and its `jti`, by the key of this `kid`. */
  find(claims: AccessTokenClaims, kid: string): SignedAccessToken | undefined;
  remember(token: SignedAccessToken): void;
}

/** For a deployment that signs a token for each request. */
export const noTokenReuse: TokenReuse = { find: () => undefined, remember: () => undefined };

/** So many tokens are remembered, and up to twice as many held: some megabytes of memory at most. */
const most = 1000;

/**
 * Remembers tokens in this instance for `seconds`. None is given out when less than half of its lifetime
 * is left, nor under a key that signs no more, nor one that is bound to the key of a DPoP proof: who
 * proves anew gets a token anew.
 */
export function tokenReuse({
  seconds,
  now,
}: {
  readonly seconds: number;
  /** NumericDate. */
  readonly now: () => number;
}): TokenReuse {
  const remembered = new QuickLRU<string, SignedAccessToken>({ maxSize: most });
  return {
    find(claims, kid) {
      const token = remembered.get(sayingOf(claims, kid));
      if (token === undefined || claims.cnf?.jkt !== undefined) return undefined;
      const { iat, exp } = token.claims;
      const age = now() - iat;
      // A clock that was put back must not make it live on.
      return age >= 0 && age < seconds && age <= (exp - iat) / 2 ? token : undefined;
    },
    remember(token) {
      const { claims, kid } = token;
      if (claims.cnf?.jkt === undefined) remembered.set(sayingOf(claims, kid), token);
    },
  };
}

/** All that a token says but when, and which one it is. */
function sayingOf(
  { iat, nbf, exp, jti, scope, ...claims }: AccessTokenClaims,
  kid: string,
): string {
  const scopes = scope.split(' ').sort();
  return JSON.stringify([kid, exp - iat, scopes, Object.entries(claims).sort()]);
}
