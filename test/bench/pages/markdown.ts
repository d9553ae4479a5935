import { isMet, type RecordedReport, type Table, type Target } from '../report/report.ts';
import { ratioOf, type Spread, spreadOf } from '../report/rounds.ts';

/** Writes a report as Markdown, which shows NAME.svg. */
export function markdown(name: string, report: RecordedReport): string {
  const { about, tables, targets, notes, node, cpus } = report;
  const parts = [
    `# npm run bench -- ${name}`,
    `${about}\n\nNode ${node}, ${cpus.length} x ${cpus[0] ?? 'an unknown processor'}. ` +
      'Medians of interleaved rounds, with the least and the most; ratios are made round by round. ' +
      'Compare within one table alone.',
    `![Plot of the tables below](${name}.svg)`,
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
