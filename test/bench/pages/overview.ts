import type { RecordedReport } from '../report/report.ts';
import { targetTable } from './markdown.ts';

const about = `# Speed, measured

\`npm run bench\` starts its peers itself and writes these reports: medians of interleaved rounds, each with an
interval that holds the true median 95 times of 100. A target is met where its whole interval is within the limit,
missed where none of it is, and else unclear. The reports come from two shared, noisy cores. Each says what a
missed target is short of, and what was tried. Nothing was measured in Lambda. \`npm run bench -- plot\` draws the reports anew, without measuring.`;

/** The page that leads to all reports, with what each was to show. */
export function overview(reports: ReadonlyMap<string, RecordedReport>): string {
  const parts = [...reports].map(([name, { targets }]) =>
    [
      `## [${name}](${name}.md)`,
      targets.length > 0 ? targetTable(targets) : 'A comparison without a target.',
    ].join('\n\n'),
  );
  return `${[about, ...parts].join('\n\n')}\n`;
}
