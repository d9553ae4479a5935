import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cost, type Line } from './cost-bill.ts';

const page = readFileSync(new URL('../../docs/cost-and-scale.md', import.meta.url), 'utf8');
const table = /^## What a month costs$([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
const [head = '', , ...rows] = table.split('\n').filter((line) => line.startsWith('|'));

const cells = (row: string): readonly string[] => row.split(' | ').slice(1);
const months = cells(head).map((cell) => /[\d,]{11,}/.exec(cell)?.[0].replaceAll(',', '') ?? '');

async function totals(row: string): Promise<readonly string[]> {
  const options = /`(--[^`]+)`/.exec(row)?.[1]?.split(' ') ?? [];
  const bills = months.map((month) =>
    cost('--tokens-per-month', month, '--clients', '1000', ...options),
  );
  return (await Promise.all(bills)).map(({ total, cognito }) =>
    Math.round(row.includes('Cognito') ? cognito.amount : total).toLocaleString('en-US'),
  );
}

test('docs/cost-and-scale.md says what the command says', async () => {
  expect(months).toEqual(['262800000', '2628000000', '26280000000']);
  expect(rows).toHaveLength(7);
  for (const row of rows) {
    const said = cells(row).map((cell) => cell.replaceAll(/[$ |]/g, ''));
    expect(said, row).toEqual(await totals(row));
  }
});

test('and of ten million tokens', async () => {
  const wrapped = ['--tokens-per-month', '10M', '--signing', 'kms-wrapped'];
  const [bill, cold, warm] = await Promise.all([
    cost('--tokens-per-month', '10M'),
    cost(...wrapped),
    cost(...wrapped, '--client-cache-hits', '0.9'),
  ]);
  const { lines } = bill.tokens;
  const sum = (pattern: RegExp) =>
    lines.reduce(
      (all: number, { what, amount }: Line) => all + (pattern.test(what) ? amount : 0),
      0,
    );
  for (const [what, amount] of [
    ['Countersign, ten million tokens by RS256', bill.total],
    ['of which KMS signatures', sum(/^KMS/)],
    ['of which API Gateway', sum(/^HTTP API/)],
    ['of which Lambda', sum(/^Lambda/)],
    ['of which logs, kept for a year', sum(/^Logs/)],
    ['of which all else', sum(/^(DynamoDB|Answers)/)],
  ] as const) {
    expect(page).toContain(`| ${what} | $${amount.toFixed(2)} |`);
  }
  const [each, hit] = [cold, warm].map((one) => one.per_million_tokens.toFixed(2));
  expect(page.replaceAll('\n', ' ')).toContain(
    `a million tokens cost $${each}, and $${hit} where nine clients of ten are cached`,
  );
  expect(page).toContain(`That is estimated as ${Math.round(bill.request_time.milliseconds)} ms`);
  expect(page).toContain(`it is ${Math.round(warm.request_time.milliseconds)} ms`);
});

test('and of authorizers that refuse what is revoked', async () => {
  const part = /^### What revocation costs$([\s\S]*?)^### /m.exec(page)?.[1] ?? '';
  const said = [...part.matchAll(/^\| `(--[^`]+)` \| (\S+) \|$/gm)];
  expect(said).toHaveLength(6);
  for (const [row, options = '', amount] of said) {
    const { revocation } = await cost('--tokens-per-month', '10M', ...options.split(' '));
    expect(amount, row).toBe(`$${revocation.amount.toFixed(2)}`);
  }
});
