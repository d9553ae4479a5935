import type { Revocation } from './revocation.ts';

/** Seconds after its end for which somebody may still accept a token, since his clock is slow. */
export const clockMargin = 60;

/** An access token, as far as it is known. */
export interface TokenToRevoke extends Pick<Revocation, 'status' | 'client_id' | 'iat'> {
  readonly jti: string;
  /** NumericDate. */
  readonly exp: number;
}

/**
 * That an access token is revoked.
 * @param now NumericDate
 * @returns undefined where nobody accepts it any more
 */
export function tokenRevocation(
  { jti: id, exp, status, client_id, iat }: TokenToRevoke,
  now: number,
): Revocation | undefined {
  const end = Math.ceil(exp);
  if (end + clockMargin <= now) return undefined;
  // A list that has named it in its window names it to the end: else its `iat` would go back.
  const expires_at = Math.max(end, now) + clockMargin;
  return { kind: 'token', id, status, client_id, iat, revoked_at: now, expires_at };
}
