import type { Client } from '../../functions/oauth/client.ts';
import type { Change } from '../../registry/declared/change.ts';
import { risksOf } from '../../registry/trust/risks.ts';

/** What the trust rules that changes bring may let in beside whom they are meant for. */
export function newRisks(changes: readonly Change[]): readonly string[] {
  const risks = changes.flatMap(({ id, fields }) => {
    const { after } = fields.find(({ name }) => name === 'trust') ?? {};
    // Trust rules, as a declaration has them in normal form.
    const rules = (after ?? []) as Client['trust'];
    return rules.flatMap(risksOf).map((risk) => `${id}: ${risk}`);
  });
  return [...new Set(risks)];
}
