import { percentile } from '../scale/load.ts';
import type { StaleFigures, TryFigures } from './tries.ts';

type AllTries = ReadonlyMap<string, readonly TryFigures[]>;

/** Says of all tries together what the rounds do not, and what becomes of tokens without an issuer. */
export function notes(tries: AllTries, stale: readonly StaleFigures[]): readonly string[] {
  return [
    `## All tries, in seconds\n\n${allTries(tries)}`,
    `## Without an issuer\n\n${without(stale)}`,
  ];
}

/** Of each way the median, the 99th percentile and the worst, as a table in Markdown. */
export function allTries(tries: AllTries): string {
  const head = ['', 'tries', 'first refusal: median', '99th percentile', 'worst'];
  const more = ['last let in: median', '99th percentile', 'worst', 'calls answered 5xx'];
  const rows = [...tries].map(([title, each]) => [
    title,
    String(each.length),
    ...threeOf(each.map(({ first }) => first)),
    ...threeOf(each.map(({ last }) => last)),
    String(each.reduce((sum, { undecided }) => sum + undecided, 0)),
  ]);
  const lines = [[...head, ...more], [...head, ...more].map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const threeOf = (values: readonly number[]): readonly string[] =>
  [0.5, 0.99, 1].map((part) => percentile(values, part).toFixed(2));

function without(stale: readonly StaleFigures[]): string {
  const seconds = stale.map(({ last }) => last);
  const least = Math.min(...seconds).toFixed(1);
  const most = Math.max(...seconds).toFixed(1);
  const statuses = [...new Set(stale.map(({ status }) => status))].join(', ');
  return (
    `On ${stale.length} stacks the issuer was shut down, while nothing was taken back. A good token was let in for ` +
    `${least} to ${most} s more, by the last list; then the answer was ${statuses}. By the settings it is at most 65 s: ` +
    '5 s of revocationMaxAge and 60 s of revocationGrace. What is taken back in that time is let in for as long.'
  );
}
