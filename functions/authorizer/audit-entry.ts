import { type AuditEntry, reason } from '../oauth/audit.ts';
import { formatScope } from '../oauth/scope.ts';
import type { AccessToken } from './claims.ts';
import { type Decision, isRefusal } from './decision.ts';

/** Which token it is, and whose. */
export function tokenEntry({ client_id, jti, kid, scope, cnf }: AccessToken): AuditEntry {
  return { client_id, jti, kid, scope: formatScope(scope), ...cnf };
}

/** That what was taken back of late was not known. */
export const staleRevocationsEntry: AuditEntry = { revocations: 'stale' };

/** What was decided about a token. */
export const decisionEntry = ({ outcome, reason: why }: Decision): AuditEntry => ({
  outcome,
  reason: why,
});

/** Why nobody is let in: `refused` by a rule, or `failed` while that cannot be told. */
export function refusalEntry(error: unknown): AuditEntry {
  return { outcome: isRefusal(error) ? 'refused' : 'failed', reason: reason(error) };
}
