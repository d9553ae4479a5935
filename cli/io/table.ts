import Table from 'cli-table3';
import { visible } from './visible.ts';

/** A text, or lines of a cell; each is shown on one line, whatever is in it. */
export type Cell = string | readonly string[];

/** One row for each pair of a name and a value; a pair without a value is left out. */
export function pairs(rows: Readonly<Record<string, Cell | undefined>>): string {
  return table(
    [],
    Object.entries(rows).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A table without rules or colours, which is read by eye, grep and cut alike. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const plain = new Table({ head: [...head], chars: noRules, style: noColours });
  plain.push(...rows.map((row) => row.map(cellText)));
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** A NumericDate for people; one that no calendar has is shown as it is. */
export function date(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.valueOf()) ? String(seconds) : time.toISOString().replace('.000Z', 'Z');
}

/** The same of one that there may be none of. */
export const maybeDate = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : date(seconds);

/** The lifetime of tokens for people; undefined: none of its own. */
export function lifetimeText(seconds: number | undefined): string {
  return seconds === undefined ? 'default' : `${seconds} s`;
}

const cellText = (cell: Cell): string => [cell].flat().map(visible).join('\n');

const noColours = { head: [], border: [], 'padding-left': 0, 'padding-right': 2 };
const noRules = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
