import { type AuditEntry, reason } from '../oauth/audit.ts';
import { formatScope } from '../oauth/scope.ts';
import type { AccessToken } from './claims.ts';
import type { Decision } from './decision.ts';
import { isRefusal } from './refusal.ts';

/** What the log says of a valid token and what was decided about it. */
export function decisionEntry(decision: Decision, token: AccessToken): AuditEntry {
  return {
    outcome: decision.outcome,
    reason: decision.reason,
    client_id: token.client_id,
    jti: token.jti,
    kid: token.kid,
    scope: formatScope(token.scope),
    ...token.cnf,
  };
}

/** What the log says where no valid token was found (`refused`) or could be looked for (`failed`). */
export function refusalEntry(error: unknown): AuditEntry {
  return { outcome: isRefusal(error) ? 'refused' : 'failed', reason: reason(error) };
}
