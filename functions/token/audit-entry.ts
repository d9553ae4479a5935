import { type AuditEntry, reason } from '../oauth/audit.ts';
import { isClientId } from '../oauth/client.ts';
import { containsClientSecret } from '../oauth/client-secret.ts';
import { OAuthError, RetryLater } from '../oauth/oauth-error.ts';
import type { AccessTokenClaims } from './access-token.ts';
import type { ClientCredentials } from './authentication/presented-credentials.ts';
import type { AuthenticatedClient } from './client-authentication.ts';
import type { SignedAccessToken } from './signature.ts';

/** As whom the request presents itself, and by what. */
export function presented({ client_id, way }: ClientCredentials): AuditEntry {
  return { client_id: loggable(client_id), auth_method: way };
}

/** How the client has authenticated. */
export function authenticated({ client, authentication }: AuthenticatedClient): AuditEntry {
  return { auth_method: client.token_endpoint_auth_method, ...authentication.entry };
}

/** Which token was issued; `reused` where it is an earlier one that says the same. */
export function issued({ claims, kid }: SignedAccessToken, asked: AccessTokenClaims): AuditEntry {
  const { aud, scope, jti, exp, cnf } = claims;
  const reused = claims === asked ? undefined : true;
  const grant_type = 'client_credentials';
  return { outcome: 'issued', grant_type, aud, scope, jti, exp, kid, reused, ...cnf };
}

/** Why there was no token: `refused` by a rule, or `failed` by a fault of ours or of AWS. */
export function refused(error: unknown): AuditEntry {
  const code = error instanceof OAuthError ? error.code : 'server_error';
  const outcome = isFailure(error) ? 'failed' : 'refused';
  return { outcome, error: code, reason: reason(error) };
}

function isFailure(error: unknown): boolean {
  return error instanceof RetryLater ? error.status === 503 : !(error instanceof OAuthError);
}

// People do paste a secret where the client_id belongs.
function loggable(client_id: string): string {
  if (!isClientId(client_id)) return '(malformed)';
  return containsClientSecret(client_id) ? '(a client secret)' : client_id;
}
