import QuickLRU from 'quick-lru';
import { isYounger } from '../oauth/age.ts';
import type { IsTokenRevoked } from '../oauth/revocation.ts';
import type { AccessTokenClaims, SignedAccessToken, Unsigned } from './access-token.ts';

/** Tokens that were signed a moment ago and may be issued again. */
export interface TokenReuse {
  /** A token of this key with the same claims, except for the times, `jti` and `status`. It does not fail. */
  find(unsigned: Unsigned, kid: string): Promise<SignedAccessToken | undefined>;
  cache(token: SignedAccessToken): void;
}

/** For a deployment that signs a token for each request. */
export const noTokenReuse: TokenReuse = { find: async () => undefined, cache: () => undefined };

/** QuickLRU holds up to twice as many: some megabytes at most. */
const maxSize = 1000;

/** Seconds for which nobody asks again whether a token was revoked. */
const lookUpEvery = 5;

/** A token, and the last look at whether it was revoked. */
interface Cached {
  readonly token: SignedAccessToken;
  /** When that began (NumericDate). */
  lookedAt: number;
  isGood: Promise<boolean>;
}

/** What tokens are reused by. */
export interface TokenReuseProps {
  /** For how long. */
  readonly seconds: number;
  /** NumericDate. */
  readonly now: () => number;
  readonly isRevoked: IsTokenRevoked;
}

/**
 * Caches tokens in this instance for `seconds`. A token is not reused when less than half of its lifetime
 * is left, when its key is no longer active, when it is bound to a DPoP key, or when it was issued before the
 * tokens of its client or for its resource server were revoked. Nor is it when it was revoked itself, or nobody
 * can tell: that is looked up before a token is given out again, once in five seconds.
 */
export function tokenReuse({ seconds, now, isRevoked }: TokenReuseProps): TokenReuse {
  const cached = new QuickLRU<string, Cached>({ maxSize });
  const isInTime = ({ iat, exp }: AccessTokenClaims): boolean =>
    isYounger(iat, seconds, now()) && now() - iat <= (exp - iat) / 2;

  const isStillGood = (one: Cached): Promise<boolean> => {
    if (!isYounger(one.lookedAt, lookUpEvery, now())) {
      one.lookedAt = now();
      one.isGood = isRevoked(one.token.claims.jti).then(
        (revoked) => !revoked,
        () => false,
      );
    }
    return one.isGood;
  };
  return {
    async find({ claims, tokens_not_before }, kid) {
      const one = cached.get(cacheKey(claims, kid));
      if (one === undefined || claims.cnf?.jkt !== undefined) return undefined;
      const { token } = one;
      if (token.claims.iat < tokens_not_before || !isInTime(token.claims)) return undefined;
      return (await isStillGood(one)) ? token : undefined;
    },
    cache(token) {
      const { claims, kid } = token;
      if (claims.cnf?.jkt !== undefined) return;
      const isGood = Promise.resolve(true);
      cached.set(cacheKey(claims, kid), { token, lookedAt: now(), isGood });
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
