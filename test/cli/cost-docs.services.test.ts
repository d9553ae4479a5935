import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cost } from './cost-bill.ts';

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
