import { hash } from 'node:crypto';
import { type AuditEntry, reason } from '../oauth/audit.ts';
import type { Client } from '../oauth/client.ts';
import { OAuthError, RetryLater } from '../oauth/oauth-error.ts';
import type { Authentication } from './methods/method.ts';
import type { ClientCredentials } from './methods/presented-credentials.ts';

/** What is known so far of who asks. */
export interface Asker {
  /** Absent: the registry has not said that there is such a client. */
  client?: Client | undefined;
  /** Absent: the client has not authenticated. */
  authentication?: Authentication;
}

/**
 * As whom the request presents itself, and by what; of a client that has authenticated its method, and what it has
 * shown for that. What is no client's identifier may be a secret in the wrong field, or a whole JWT: of that the line
 * has a digest.
 */
export function presented(
  { client_id, way }: ClientCredentials,
  { client, authentication }: Asker,
): AuditEntry {
  if (!client) return { client_id: undefined, client_id_digest: digest(client_id), presented: way };
  if (!authentication) return { client_id: client.client_id, presented: way };
  const auth_method = client.token_endpoint_auth_method;
  // Left out where it has the same name: each byte of a line is billed.
  const presented = way === auth_method ? undefined : way;
  return { client_id: client.client_id, presented, auth_method, ...authentication.entry };
}

/** The first 16 digits of the SHA-256 in hexadecimal: enough to tell which lines are about the same. */
const digest = (text: string): string => hash('sha256', text).slice(0, 16);

/** Why a request failed: `refused` by a rule, or `failed` by a fault of ours, of AWS, or of who publishes keys. */
export function refused(error: unknown): AuditEntry {
  const code = error instanceof OAuthError ? error.code : 'server_error';
  const outcome = isFailure(error) ? 'failed' : 'refused';
  return { outcome, error: code, reason: reason(error) };
}

function isFailure(error: unknown): boolean {
  return error instanceof RetryLater ? error.status === 503 : !(error instanceof OAuthError);
}
