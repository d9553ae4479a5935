import { type OwnAccessToken, revocable } from './own-access-token.ts';
import type { Revocation } from './revocation.ts';

/** Seconds after its end for which somebody may still accept a token, since his clock is slow. */
const clockMargin = 60;

/**
 * That an access token is taken back.
 * @param now NumericDate
 * @returns undefined where nobody accepts it any more
 */
export function tokenRevocation(token: OwnAccessToken, now: number): Revocation | undefined {
  const { jti, client_id, iat, status } = revocable(token);
  const exp = Math.ceil(token.claims.exp);
  if (exp + clockMargin <= now) return undefined;
  // A list that has named it in its window names it to the end: else its `iat` would go back.
  const expires_at = Math.max(exp, now) + clockMargin;
  return { kind: 'token', id: jti, status, client_id, iat, revoked_at: now, expires_at };
}
