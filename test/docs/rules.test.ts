import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { read, root } from './pages.ts';

interface Row {
  readonly number: string;
  readonly binding: string;
  readonly rule: string;
  readonly source: string;
}

const rows: readonly Row[] = read('docs/rules.md')
  .split('\n')
  .filter((line) => /^\| [A-Z]\d\d \|/.test(line))
  .map((line) => {
    const [, number = '', binding = '', rule = '', source = ''] = line
      .split(' | ')
      .join('|')
      .split('|');
    return { number: number.trim(), binding, rule, source: source.trim() };
  });

/** The letters of the legend; W10 or X25519 in a string is no rule. */
const letters = [...new Set(rows.map(({ number }) => number[0]))].join('');

/** Rule numbers at the start of a text: of a title, of a table's row, or of a conformance case. */
function titledRules(source: string): readonly string[] {
  const start = `[${letters}]\\d\\d`;
  const titles = source.matchAll(
    new RegExp(`['"\`](${start}(?:(?:, | and | |-)${start})*)(?=[:'"\`]| [a-z])`, 'g'),
  );
  return [...titles].flatMap(([, numbers = '']) => numbers.match(/[A-Z]\d\d/g) ?? []);
}

test('each rule that a title begins with has a row', () => {
  const files = readdirSync(`${root}/test`, { recursive: true, encoding: 'utf8' });
  const titled = new Set(
    files
      .filter((file) => file.endsWith('.ts') && !file.startsWith('docs/'))
      .flatMap((file) => titledRules(read(`test/${file}`))),
  );
  expect(titled.size).toBeGreaterThan(100);
  const legend = new Set(rows.map(({ number }) => number));
  expect([...titled].filter((number) => !legend.has(number))).toEqual([]);
});

test('each row is complete, and is there once', () => {
  for (const { number, binding, rule, source } of rows) {
    expect(binding, number).toMatch(/^(MUST|SHOULD|MAY|ours)$/);
    expect(rule, number).toMatch(/^[A-Z`].*\.$/);
    expect(source, number).toMatch(/\b(RFC \d+ (§\d|Appendix [A-Z])|ours\b|FAPI 2\.0 .*§\d)/);
  }
  const numbers = rows.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].toSorted());
});

test('a rule number is told from what looks like one', () => {
  const source = `test('A01, A02: a title', …); ['I03', 'typ'], rule: "J01-J05", 'I04 I05: two', 'A256GCM', 'X509 CRL'`;
  expect(titledRules(source)).toEqual(['A01', 'A02', 'I03', 'J01', 'J05', 'I04', 'I05']);
});
