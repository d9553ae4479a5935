import { type AuditEntry, reason } from '../oauth/audit.ts';
import { isClientId } from '../oauth/client.ts';
import { containsClientSecret } from '../oauth/client-secret.ts';
import { OAuthError, RetryLater } from '../oauth/oauth-error.ts';
import type { AccessTokenClaims } from './access-token.ts';
import type { AuthenticatedClient } from './client-authentication.ts';
import type { ClientCredentials } from './presented-credentials.ts';
import type { SignedAccessToken } from './signature.ts';

/** Who says to be asking. */
export function presented({ client_id, way }: ClientCredentials): AuditEntry {
  return { client_id: loggable(client_id), auth_method: way };
}

/** By what a client has proved itself. */
export function proven({ client, proof }: AuthenticatedClient): AuditEntry {
  return { auth_method: client.token_endpoint_auth_method, ...proof };
}

/** Which token was issued; `reused` where it is not the one that was asked for, but an earlier one. */
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

// Anyone may send anything, and people do paste a secret where the client_id belongs.
function loggable(client_id: string): string {
  if (!isClientId(client_id)) return '(malformed)';
  return containsClientSecret(client_id) ? '(a client secret)' : client_id;
}
