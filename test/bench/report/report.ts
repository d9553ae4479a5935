import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { type Measured, ratioOf, type Spread, spreadOf } from './rounds.ts';

/** One comparison: a row a contestant, and for each figure its value and its ratio. */
export interface Table<Figure extends string = string> {
  readonly title: string;
  readonly measured: Measured<Figure>;
  /** Figure -> its heading, with the unit, and how many digits it is shown with behind the point. */
  readonly figures: Readonly<Record<Figure, { readonly heading: string; readonly digits: number }>>;
  /** The contestant that the others are held against. */
  readonly against: string;
}

/** What a bench was to show, and what it has shown. */
export interface Target {
  /** What is held against what, in words: it stands in the README. */
  readonly what: string;
  readonly wanted: { readonly atMost: number } | { readonly atLeast: number };
  readonly reached: Spread;
  /** What stands behind the numbers: ` x`, ` KB`. */
  readonly unit: string;
}

/** What a bench gives. */
export interface Report {
  /** How it was measured, a sentence or more. */
  readonly about: string;
  readonly tables: readonly Table[];
  readonly targets: readonly Target[];
  /** What a reader has to know beside the tables; Markdown. */
  readonly notes: readonly string[];
}

/** Whether a target is met by the median. */
const isMet = ({ wanted, reached }: Target): boolean =>
  'atMost' in wanted ? reached.median <= wanted.atMost : reached.median >= wanted.atLeast;

/** Writes a report as Markdown. */
export function markdown(name: string, report: Report): string {
  const { about, tables, targets, notes } = report;
  const parts = [
    `# npm run bench -- ${name}`,
    `${about}\n\nNode ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'an unknown processor'}. ` +
      'Medians of interleaved rounds, with the least and the most; ratios are made round by round. ' +
      'Compare within one table alone.',
    ...(targets.length > 0 ? [targetTable(targets)] : []),
    ...tables.map(comparison),
    ...notes,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The targets as a table in Markdown. */
export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => {
    const { what, wanted, reached, unit } = target;
    const limit = 'atMost' in wanted ? `at most ${wanted.atMost}` : `at least ${wanted.atLeast}`;
    return `| ${what} | ${limit}${unit} | ${between(reached, 2)}${unit} | ${isMet(target) ? 'met' : 'missed'} |`;
  });
  return ['| what | wanted | measured | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function comparison({ title, measured, figures, against }: Table): string {
  const columns = Object.entries(figures);
  const headings = columns.flatMap(([, { heading }]) => [heading, `x ${against}`]);
  const rows = [...measured.keys()].map((name) => {
    const cells = columns.flatMap(([figure, { digits }]) => [
      between(spreadOf(measured, name, figure), digits),
      between(ratioOf(measured, figure, { of: name, to: against }), 2),
    ]);
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const lines = [
    ['', ...headings],
    ['---', ...headings.map(() => '---')],
  ];
  return [`## ${title}`, '', ...lines.map((cells) => `| ${cells.join(' | ')} |`), ...rows].join(
    '\n',
  );
}

const between = ({ median, least, most }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;

/** Writes a report as NAME.md and, with every round, as NAME.json. */
export async function writeReport(name: string, report: Report, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tables = report.tables.map((table) => ({
    ...table,
    measured: Object.fromEntries(table.measured),
  }));
  const json = { node: process.version, cpus: cpus().map(({ model }) => model), ...report, tables };
  await writeFile(resolve(folder, `${name}.md`), markdown(name, report));
  await writeFile(resolve(folder, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`);
}
