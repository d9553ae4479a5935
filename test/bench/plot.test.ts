import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readReports } from './pages/files.ts';
import { plot } from './pages/plot.ts';
import { escaped } from './pages/svg.ts';
import { ratioTarget, recorded } from './report/report.ts';

const quoted = '(?:[^"<&]|&(?:amp|lt|gt|quot);)*';
const content = '(?:[^<&]|&(?:amp|lt|gt|quot);)*';
/** An element of XML 1.0 that has no other in it. */
const leaf = new RegExp(`<([a-z]+)(?: [A-Za-z0-9:]+="${quoted}")*(?:/>|>(${content})</\\1>)`, 'g');

/** The texts of a document, of which leaf after leaf is taken. @throws Error when it is not well-formed XML */
function textsOf(xml: string): readonly string[] {
  const texts: string[] = [];
  for (let [left, before] = [xml, '']; left !== before; ) {
    before = left;
    left = left.replace(leaf, (_leaf, _name, text = '') => {
      texts.push(text);
      return '';
    });
    if (left.trim() === '') return texts;
  }
  throw new Error('not well-formed');
}

const odd = `<a> & "b" 'c'`;

const rounds = (...cpu: readonly number[]) => cpu.map((value) => ({ cpu: value }));

const table = {
  title: odd,
  measured: new Map([
    ['ours', rounds(1, 2, 4)],
    [odd, rounds(2, 2, 2)],
  ]),
  figures: { cpu: { heading: 'CPU, us', digits: 1 } },
  against: odd,
};
const target = ratioTarget(table, { what: '', wanted: { atMost: 1 }, row: 'ours', figure: 'cpu' });
const report = recorded({ about: '', tables: [table], targets: [target], notes: [] });

const count = (text: string, part: string) => text.split(part).length - 1;

test.for(['<a>', '<a></b>', '<a b="<"/>', '<a>&</a>', 'a'])('%s is not well-formed', (xml) => {
  expect(() => textsOf(xml)).toThrow('not well-formed');
});

describe('a plot', () => {
  test('is well-formed, whatever a row is called, and the same each time', () => {
    const svg = plot(odd, report);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['ours', escaped(odd)]));
    expect(plot(odd, report)).toBe(svg);
  });

  test('shows the median of each row, and the limit of a target', () => {
    const svg = plot('a', report);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['1.00 x', 'CPU, us (ratio)', 'target']));
    // One more is in the legend.
    expect(count(svg, 'class="median"')).toBe(3);
    expect(count(svg, 'class="target"')).toBe(2);
    expect(count(plot('a', { ...report, targets: [] }), 'class="target"')).toBe(0);
  });

  test('shows values from zero, where the table says so', () => {
    const texts = textsOf(plot('a', { ...report, tables: [{ ...table, plotted: ['cpu'] }] }));
    expect(texts).toEqual(expect.arrayContaining(['CPU, us', '0', '2', '2.0']));
  });

  test('shows a ratio of nothing at zero', () => {
    const measured = new Map([...table.measured, ['none', rounds(0, 0, 0)]]);
    const texts = textsOf(plot('a', { ...report, tables: [{ ...table, measured }] }));
    expect(texts).toEqual(expect.arrayContaining(['0', '0.00 x']));
  });
});

const committed = await readReports('docs/bench');

test.for([...committed])(
  'docs/bench/%s.svg is well-formed, and has every row',
  async ([name, { tables }]) => {
    const texts = textsOf(await readFile(`docs/bench/${name}.svg`, 'utf8'));
    expect(texts).toEqual(expect.arrayContaining(tables.map(({ title }) => escaped(title))));
    const rows = tables.flatMap(({ measured }) => [...measured.keys()].map(escaped));
    // A row is in each of its tables.
    for (const row of new Set(rows)) {
      const expected = rows.filter((other) => other === row).length;
      expect(texts.filter((text) => text === row).length, row).toBeGreaterThanOrEqual(expected);
    }
  },
);
