import { cpus } from 'node:os';
import { type Measured, ratioOf, type Spread } from './rounds.ts';

/** One comparison: a row a contestant, and for each figure its value and its ratio. */
export interface Table<Figure extends string = string> {
  readonly title: string;
  readonly measured: Measured<Figure>;
  /** Figure -> its heading, with the unit, and how many digits it is shown with behind the point. */
  readonly figures: Readonly<Record<Figure, { readonly heading: string; readonly digits: number }>>;
  /** The contestant that the others are compared with: the divisor of ratios. */
  readonly against: string;
  /**
   * The figures whose values the plot shows.
   * @default the ratios of all figures
   */
  readonly plotted?: readonly Figure[] | undefined;
}

/** The limit of a target. */
export type Wanted = { readonly atMost: number } | { readonly atLeast: number };

/** What a bench was to show, and what it has shown. */
export interface Target {
  /** What is compared with what, in words. */
  readonly what: string;
  readonly wanted: Wanted;
  readonly reached: Spread;
  /** What is written after the numbers: ` x`, ` KB`. */
  readonly unit: string;
  /** Where the plot shows it: a table's title, a row and a figure. Undefined: the plot does not show it. */
  readonly place?:
    | { readonly table: string; readonly row: string; readonly figure: string }
    | undefined;
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

/** A report, and the machine that it was made on. */
export interface RecordedReport extends Report {
  /** The version of Node. */
  readonly node: string;
  /** The model of each processor. */
  readonly cpus: readonly string[];
}

/** Adds this machine to a report. */
export const recorded = (report: Report): RecordedReport => ({
  node: process.version,
  cpus: cpus().map(({ model }) => model),
  ...report,
});

/** A target for the ratio of a row to the contestant that its table compares it with. */
export function ratioTarget<Figure extends string>(
  { title, measured, against }: Pick<Table<Figure>, 'title' | 'measured' | 'against'>,
  { row, figure, ...target }: Pick<Target, 'what' | 'wanted'> & { row: string; figure: Figure },
): Target {
  const reached = ratioOf(measured, figure, { of: row, to: against });
  return { ...target, reached, unit: ' x', place: { table: title, row, figure } };
}

/** Whether a target is met by the median. */
export const isMet = ({ wanted, reached }: Pick<Target, 'wanted' | 'reached'>): boolean =>
  'atMost' in wanted ? reached.median <= wanted.atMost : reached.median >= wanted.atLeast;
