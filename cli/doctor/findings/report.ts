import type { Style } from '../../io/colour.ts';
import { table } from '../../io/table.ts';
import type { Finding } from './finding.ts';

/** How the words stand out that say how it is. */
export const reportMarks: Readonly<Record<Finding['status'], Style>> = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
  'not checked': 'dim',
};

/** A finding for programs. */
export function findingRecord({ status, ...finding }: Finding) {
  return { ...finding, status: status === 'not checked' ? 'not_checked' : status };
}

/** The findings for people: a line each, the remedy under it, and a line that sums them up. */
export function reportText(findings: readonly Finding[]): string {
  const rows = findings.flatMap(({ status, check, section, what, remedy }) => [
    [status, check, what],
    ...(remedy === undefined ? [] : [['', '', `${remedy} (${section})`]]),
  ]);
  return `${table([], rows)}\n\n${summary(findings)}`;
}

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Finding['status']) =>
    findings.filter(({ status }) => status === wanted).length;
  const [warnings, problems] = [count('warning'), count('problem')];
  return [
    `${count('ok')} ok`,
    `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    `${problems} ${problems === 1 ? 'problem' : 'problems'}`,
    `${count('not checked')} not checked`,
  ].join(', ');
}
