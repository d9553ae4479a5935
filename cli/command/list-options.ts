import type { Command } from 'commander';
import type { Listing } from '../../registry/listing.ts';
import { CliError } from '../io/cli-error.ts';
import { calledAgain, type Invocation } from './invocation.ts';
import { durationValue } from './option-values.ts';

/** Which part of a list is wanted. */
export interface PartOptions {
  readonly limit?: number;
  readonly after?: string;
}

/** Adds the options that every list of the registry has. */
export const addPartOptions = (command: Command): Command =>
  command
    .option('--limit <count>', 'so many at most, in the order of the table', limitValue)
    .option('--after <token>', 'go on where the list before said next');

/** What follows the options in the help of a list. */
export const partHelp = `
All come in order. With --limit they come in the order of the table, which is always the same, and no more
is read than is shown; there may be none behind the last next. A filter reads the whole registry, or until
--limit is reached, as the table has no index: a read unit for 4 KB.`;

/**
 * Reads a moment: a date, a time, or how long ago it was. Gives a NumericDate, or seconds before now.
 * @throws CliError
 */
export function momentValue(text: string): { readonly at: number } | { readonly ago: number } {
  if (/^\d+[smhd]$/.test(text)) return { ago: durationValue(text) };
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(at)) return { at: at / 1000 };
  throw new CliError(
    'a moment is written 2026-01-31, 2026-01-31T12:00:00Z, or 30d for so long ago',
    2,
  );
}

/** Which moment is meant. All are NumericDates. */
export const momentOf = (moment: ReturnType<typeof momentValue>, now: number): number =>
  'at' in moment ? moment.at : now - moment.ago;

/** Whether a record was made at a moment or later. */
export const isSince = (
  created: number,
  moment: ReturnType<typeof momentValue>,
  now: number,
): boolean => created >= momentOf(moment, now);

/** Says where to go on, and what a filter has cost. */
export const partNotes = (
  { next, read, records }: Listing<unknown>,
  invocation: Invocation,
): readonly string[] => [
  ...(read > records.length ? [`Of ${read} that were read, ${records.length} match.`] : []),
  ...(next === undefined ? [] : [`There may be more: ${calledAgain(invocation, '--after', next)}`]),
];

/** Reads how many are wanted at most. @throws CliError */
export function limitValue(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit > 0) return limit;
  throw new CliError('a limit is a whole number from 1 to 999999', 2);
}
