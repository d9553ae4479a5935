import type { AuditEntry } from '../oauth/audit.ts';
import type { AccessTokenClaims } from './access-token.ts';
import type { SignedAccessToken } from './signature.ts';

/** Which token was issued; `reused` where it is an earlier one that says the same. */
export function issued({ claims, kid }: SignedAccessToken, asked: AccessTokenClaims): AuditEntry {
  const { aud, scope, jti, exp, cnf } = claims;
  const reused = jti === asked.jti ? undefined : true;
  return { outcome: 'issued', aud, scope, jti, exp, kid, reused, ...cnf };
}
