import { type Cell, pairs } from '../../io/table.ts';
import { visible } from '../../io/visible.ts';
import type { Comparison } from './comparison.ts';
import type { Told, Verdict } from './verdict.ts';

/** What a JWT comes to, for programs. */
export function verdictRecord(client_id: string, { letIn, verified, rules }: Verdict) {
  const agreeing = rules.findIndex(({ agrees }) => agrees);
  return {
    client_id,
    let_in: letIn.is ?? null,
    reason: letIn.why,
    rule: letIn.is ? agreeing + 1 : undefined,
    signature: { verified: verified.is ?? null, reason: verified.why },
    rules: rules.map(({ rule, agrees, comparisons }) => ({
      issuer: rule.issuer,
      agrees,
      single_use: rule.single_use,
      claims: comparisons,
    })),
  };
}

/** The same for people. */
export function verdictText({ letIn, verified, rules }: Verdict): string {
  const agreeing = rules.findIndex(({ agrees }) => agrees);
  const once = rules[agreeing]?.rule.single_use
    ? 'once: whether it was used before is not looked at'
    : undefined;
  const parts = [
    pairs({
      'let in': letIn.is ? `yes, by rule ${agreeing + 1}` : word(letIn, 'no'),
      because: letIn.why,
      signature: signatureText(verified),
      counts: once,
    }),
    ...rules.map(({ rule, comparisons, agrees }, index) =>
      [
        `rule ${index + 1}, for ${visible(rule.issuer)}: ${agrees ? 'agrees' : 'does not agree'}`,
        pairs(Object.fromEntries(comparisons.map(comparisonRow))),
      ].join('\n'),
    ),
  ];
  return parts.join('\n\n');
}

const word = ({ is }: Told, no: string): string => (is === undefined ? 'not known' : no);

function signatureText({ is, why }: Told): string {
  if (is) return 'verified by a key of the issuer';
  return is === undefined ? `NOT CHECKED: ${why}` : `does not verify: ${why}`;
}

function comparisonRow({ claim, expected, had, agrees }: Comparison): readonly [string, Cell] {
  const lines = [`expected  ${shown(expected)}`, `had       ${shown(had)}`];
  return [`  ${claim}`, agrees ? `agrees    ${shown(had)}` : lines];
}

const most = 200;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > most ? `${text.slice(0, most)}...` : text;
}
