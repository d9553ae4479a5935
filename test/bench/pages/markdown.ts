import {
  type RecordedReport,
  type Table,
  type Target,
  verdictOf,
  type Wanted,
} from '../report/report.ts';
import { ratioOf, spreadOf } from '../report/rounds.ts';
import type { Spread } from '../report/spread.ts';

/** Writes a report as Markdown, which shows NAME.svg. */
export function markdown(name: string, report: RecordedReport): string {
  const { about, tables, targets, notes, node, cpus } = report;
  const parts = [
    `# npm run bench -- ${name}`,
    `${about}\n\nNode ${node}, ${cpus.length} x ${cpus[0] ?? 'an unknown processor'}. ` +
      `${howMeasured(tables)}; ratios are made round by round. Compare within one table alone.`,
    `![Plot of the tables below](${name}.svg)`,
    ...(targets.length > 0 ? [targetTable(targets)] : []),
    ...tables.map(comparison),
    ...notes,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What the numbers are. */
function howMeasured([table]: readonly Table[]): string {
  const { runs = 1 } = table ?? {};
  return runs === 1
    ? 'Medians of interleaved rounds, with their 95 % confidence intervals'
    : `Medians of the medians of ${runs} runs, with the least and the most of those`;
}

/** The targets as a table in Markdown. */
export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => {
    const { what, wanted, reached, unit } = target;
    return `| ${what} | ${limitOf(wanted, unit)} | ${between(reached, 2)}${unit} | ${verdictOf(target)} |`;
  });
  return ['| what | wanted | measured | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function comparison({ title, measured, runs, figures, against }: Table): string {
  const columns = Object.entries(figures);
  const headings = columns.flatMap(([, { heading }]) => [heading, `x ${against}`]);
  const rows = [...measured.keys()].map((name) => {
    const cells = columns.flatMap(([figure, { digits }]) => [
      between(spreadOf(measured, name, figure, runs), digits),
      between(ratioOf(measured, figure, { of: name, to: against }, runs), 2),
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

/** The limit of a target in words. */
export const limitOf = (wanted: Wanted, unit: string): string =>
  `${'atMost' in wanted ? `at most ${wanted.atMost}` : `at least ${wanted.atLeast}`}${unit}`;

/** A median with its interval, with so many digits behind the point: with more where it is small. */
export function between({ median, low, high }: Spread, atLeast: number): string {
  const digits = median > 0 ? Math.max(atLeast, 1 - Math.floor(Math.log10(median))) : atLeast;
  return `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
