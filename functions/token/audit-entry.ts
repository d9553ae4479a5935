import { type AuditEntry, reason } from '../oauth/audit.ts';
import { looksLikeClientSecret } from '../oauth/client-secret.ts';
import type { SigningKey } from '../oauth/jws.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import type { AccessTokenClaims } from './access-token.ts';
import type { ClientCredentials } from './client-credentials.ts';

/** Who says to be asking. */
export function presented({ client_id, method }: ClientCredentials): AuditEntry {
  // People do paste a secret where the client_id belongs.
  const loggable = looksLikeClientSecret(client_id) ? '(a client secret)' : client_id;
  return { client_id: loggable, auth_method: method };
}

/** Which token was issued. */
export function issued(
  { aud, scope, jti, exp }: AccessTokenClaims,
  { kid }: SigningKey,
): AuditEntry {
  return { outcome: 'issued', grant_type: 'client_credentials', aud, scope, jti, exp, kid };
}

/** Why there was no token: `refused` by a rule, or `failed` by a fault of ours. */
export function refused(error: unknown): AuditEntry {
  const [outcome, code] =
    error instanceof OAuthError ? ['refused', error.code] : ['failed', 'server_error'];
  return { outcome, error: code, reason: reason(error) };
}
