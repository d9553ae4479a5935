import { hash } from 'node:crypto';
import { type AuditEntry, reason } from '../oauth/audit.ts';
import type { Client } from '../oauth/client.ts';
import { OAuthError, RetryLater } from '../oauth/oauth-error.ts';
import type { AccessTokenClaims } from './access-token.ts';
import type { ClientCredentials } from './authentication/presented-credentials.ts';
import type { AuthenticatedClient } from './client-authentication.ts';
import type { SignedAccessToken } from './signature.ts';

/**
 * As whom the request presents itself, and by what. What is no client's identifier may be a secret in the wrong
 * field, or a whole JWT: of that the line has a digest.
 */
export function presented(
  { client_id, way }: ClientCredentials,
  known: Client | undefined,
): AuditEntry {
  const client_id_digest = known ? undefined : digest(client_id);
  return { client_id: known?.client_id, client_id_digest, presented: way };
}

/** The first 16 digits of the SHA-256 in hexadecimal: enough to tell which lines are about the same. */
const digest = (text: string): string => hash('sha256', text).slice(0, 16);

/**
 * The method of a client that has authenticated, and what it has shown for that. What it has presented is left out
 * where it has the same name: each byte of a line is billed.
 */
export function authenticated(
  { client, authentication }: AuthenticatedClient,
  { way }: ClientCredentials,
): AuditEntry {
  const auth_method = client.token_endpoint_auth_method;
  const presented = way === auth_method ? undefined : way;
  return { presented, auth_method, ...authentication.entry };
}

/** Which token was issued; `reused` where it is an earlier one that says the same. */
export function issued({ claims, kid }: SignedAccessToken, asked: AccessTokenClaims): AuditEntry {
  const { aud, scope, jti, exp, cnf } = claims;
  const reused = claims === asked ? undefined : true;
  return { outcome: 'issued', aud, scope, jti, exp, kid, reused, ...cnf };
}

/** Why there was no token: `refused` by a rule, or `failed` by a fault of ours, of AWS, or of who publishes keys. */
export function refused(error: unknown): AuditEntry {
  const code = error instanceof OAuthError ? error.code : 'server_error';
  const outcome = isFailure(error) ? 'failed' : 'refused';
  return { outcome, error: code, reason: reason(error) };
}

function isFailure(error: unknown): boolean {
  return error instanceof RetryLater ? error.status === 503 : !(error instanceof OAuthError);
}
