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
  const expires_at = Math.ceil(token.claims.exp) + clockMargin;
  return expires_at > now
    ? { kind: 'token', id: jti, status, client_id, iat, revoked_at: now, expires_at }
    : undefined;
}
