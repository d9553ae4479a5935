import type { Revocation } from '../../functions/oauth/revocation.ts';
import { date, table } from '../io/table.ts';

/** Revocations as people see them. */
export function revocationsText(revocations: readonly Revocation[]): string {
  if (revocations.length === 0) return 'Nothing is revoked.';
  return table(
    ['REVOKED', 'KIND', 'ID', 'ISSUED BEFORE', 'FORGOTTEN'],
    revocations.map(({ revoked_at, kind, id, not_before, expires_at }) => [
      date(revoked_at),
      kind,
      id,
      not_before === undefined ? '' : date(not_before),
      date(expires_at),
    ]),
  );
}
