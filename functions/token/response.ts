import { uncachedJson } from '../authentication/response.ts';
import type { HttpResponse } from '../http/response.ts';
import type { AuditEntry } from '../oauth/audit.ts';
import type { AccessTokenClaims, SignedAccessToken } from './access-token.ts';

/**
 * The successful response (RFC 6749 §5.1). `token_type` is the scheme for using the token: DPoP if it is
 * bound to a key (RFC 9449 §5), else Bearer, also if it is bound to a certificate (RFC 8705 §3).
 * @param asked_at NumericDate from which `expires_in` counts; a reused token was issued before it
 */
export function success(
  { access_token, claims: { scope, exp, cnf } }: SignedAccessToken,
  asked_at: number,
): HttpResponse {
  const token_type = cnf?.jkt === undefined ? 'Bearer' : 'DPoP';
  const body = { access_token, token_type, expires_in: exp - asked_at, scope };
  return { statusCode: 200, headers: uncachedJson, body: JSON.stringify(body) };
}

/** Which token was issued; `reused` where it is an earlier one that says the same. */
export function issued({ claims, kid }: SignedAccessToken, asked: AccessTokenClaims): AuditEntry {
  const { aud, scope, jti, exp, cnf } = claims;
  const reused = jti === asked.jti ? undefined : true;
  return { outcome: 'issued', aud, scope, jti, exp, kid, reused, ...cnf };
}
