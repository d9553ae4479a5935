import {
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWTVerifyResult,
  jwtVerify,
  type ResolvedKey,
} from 'jose';
import { verifyAccessToken } from '../../functions/authorizer/access-token.ts';
import { type AccessToken, requiredClaims } from '../../functions/authorizer/claims.ts';
import { parseKeySet } from '../../functions/authorizer/key-set.ts';
import { OAuthError } from '../../functions/oauth/oauth-error.ts';
import { audience, start } from '../support/access-tokens.ts';

export const issuer = 'https://issuer.example.com';

/** Two verifiers of the same tokens; each gives undefined for one that it refuses. */
interface Verifiers {
  readonly ours: (token: string) => Promise<AccessToken | undefined>;
  readonly jose: (token: string) => Promise<(JWTVerifyResult & ResolvedKey) | undefined>;
}

/** Our verification, and that of jose by the same rules of RFC 9068 §4. */
export function verifiersOf(jwks: JSONWebKeySet, algorithms: readonly string[]): Verifiers {
  const keySet = parseKeySet(jwks, undefined);
  const keys = async () => keySet;
  const expected = { issuer, audience, algorithms, keys, now: () => start };
  const known = createLocalJWKSet(jwks);
  const options = {
    typ: 'at+jwt',
    issuer,
    audience,
    algorithms: [...algorithms],
    requiredClaims,
    clockTolerance: 5,
    currentDate: new Date(start * 1000),
  };
  return {
    ours: (token) => verifyAccessToken(token, expected).catch(refused),
    jose: (token) => jwtVerify(token, known, options).catch(() => undefined),
  };
}

/** Ours may not fail in any other way. */
function refused(error: unknown): undefined {
  if (!(error instanceof OAuthError && error.code === 'invalid_token')) throw error;
}
