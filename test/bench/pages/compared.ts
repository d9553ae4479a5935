import type { Change, Compared, Comparison } from '../report/comparison.ts';
import { verdictOf } from '../report/report.ts';
import { between, limitOf } from './markdown.ts';

/** What has changed in a bench since a report of before, as Markdown. */
export function comparisonPage(name: string, { targets, rows }: Comparison): string {
  const parts = [
    `## ${name}`,
    ...(targets.length > 0 ? [table(targetHeadings, targets.map(target))] : []),
    ...(rows.length > 0 ? [table(rowHeadings, rows.map(row))] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

const targetHeadings = ['target', 'wanted', 'before', 'now', '', 'since'];

function target(compared: Compared): readonly string[] {
  const { what, wanted, unit, now: reached, change } = compared;
  const verdict = verdictOf({ wanted, reached });
  return [what, limitOf(wanted, unit), ...thenAndNow(compared), verdict, change];
}

const rowHeadings = ['row', 'before', 'now', 'since'];

/** A change of a peer is in brackets. */
const row = (compared: Compared): readonly string[] => [
  compared.what,
  ...thenAndNow(compared),
  compared.ours ? compared.change : `(${compared.change})`,
];

const thenAndNow = ({ before, now, unit }: Compared): readonly string[] =>
  [before, now].map((spread) => (spread ? `${between(spread, 2)}${unit}` : ''));

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** How many targets are met, and how many figures have changed since the reports of a folder, in a line each. */
export function summary(comparisons: readonly Comparison[], before: string): string {
  const targets = comparisons.flatMap(({ targets }) => targets);
  const rows = comparisons.flatMap(({ rows }) => rows).filter(({ ours }) => ours);
  const verdicts = targets.map(({ wanted, now: reached }) => verdictOf({ wanted, reached }));
  const changes = [...targets, ...rows].map(({ change }) => change);
  return `Targets: ${counts(verdicts, verdictWords)}.\nSince ${before}: ${counts(changes, changeWords)}.\n`;
}

const verdictWords = { met: 'met', missed: 'missed', unclear: 'too noisy to tell' };
const changeWords: Readonly<Record<Change, string>> = {
  worse: 'worse',
  better: 'better',
  same: 'the same',
  unclear: 'too noisy to tell',
  'not compared': 'not compared',
};

const counts = <Kind extends string>(
  kinds: readonly Kind[],
  words: Readonly<Record<Kind, string>>,
): string =>
  Object.entries<string>(words)
    .map(([kind, word]) => `${kinds.filter((each) => each === kind).length} ${word}`)
    .join(', ');
