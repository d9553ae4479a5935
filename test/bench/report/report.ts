import { cpus } from 'node:os';
import { type Measured, ratioOf } from './rounds.ts';
import type { Spread } from './spread.ts';

/** How a figure is shown. */
interface FigureShown {
  /** With the unit. */
  readonly heading: string;
  /** Behind the point. */
  readonly digits: number;
  /** Less is better of all others. */
  readonly moreIsBetter?: boolean | undefined;
}

/** One comparison: a row a contestant, and for each figure its value and its ratio. */
export interface Table<Figure extends string = string> {
  readonly title: string;
  readonly measured: Measured<Figure>;
  /** @default 1 */
  readonly runs?: number | undefined;
  readonly figures: Readonly<Record<Figure, FigureShown>>;
  /** The contestant that the others are compared with: the divisor of ratios. */
  readonly against: string;
  /** Contestants that are not ours: what becomes of them is told, and is no regression. */
  readonly peers?: readonly string[] | undefined;
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
  /** Undefined where it is no ratio of rounds. */
  readonly place?: Place | undefined;
}

/** Which ratio of a report is meant. */
export interface Place {
  /** Its title. */
  readonly table: string;
  readonly row: string;
  readonly figure: string;
  /**
   * The rows that it is compared with: with the best of them in each round.
   * @default what the table compares with, beside which the plot shows the target
   */
  readonly to?: readonly string[] | undefined;
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

/** What bears on how fast everything is. */
export interface Machine {
  /** The version of Node. */
  readonly node: string;
  /** The model of each processor. */
  readonly cpus: readonly string[];
}

/** A report, and the machine that it was made on. */
export interface RecordedReport extends Report, Machine {}

/** This machine. */
export const machine = (): Machine => ({
  node: process.version,
  cpus: cpus().map(({ model }) => model),
});

/** Adds this machine to a report. */
export const recorded = (report: Report): RecordedReport => ({ ...machine(), ...report });

/** What a target says about the ratio of a row. */
type WantedRatio<Figure extends string> = Pick<Target, 'what' | 'wanted'> &
  Omit<Place, 'table' | 'figure' | 'to'> & {
    readonly figure: Figure;
    /** Another row than the table compares with, or several. */
    readonly to?: string | readonly string[];
  };

/** A target for the ratio of a row to another, or to the best of others. */
export function ratioTarget<Figure extends string>(
  table: Pick<Table<Figure>, 'title' | 'measured' | 'against' | 'runs'>,
  { row, figure, to, ...target }: WantedRatio<Figure>,
): Target {
  const others = to === undefined ? undefined : [to].flat();
  const reached = ratioIn(table, { row, figure, to: others }, target.wanted);
  const place = { table: table.title, row, figure, ...(others && { to: others }) };
  return { ...target, reached, unit: ' x', place };
}

/** The ratio at a place of a table, of which less or more is wanted. */
export function ratioIn<Figure extends string>(
  { measured, against, runs }: Pick<Table<Figure>, 'measured' | 'against' | 'runs'>,
  { row, figure, to = [against] }: Omit<Place, 'table' | 'figure'> & { readonly figure: Figure },
  wanted: Wanted,
): Spread {
  const best = 'atMost' in wanted ? Math.min : Math.max;
  return ratioOf(measured, figure, { of: row, to, best }, runs);
}

/** Whether a target is met, if its interval can tell: it is unclear where the limit is within. */
export function verdictOf({ wanted, reached }: Pick<Target, 'wanted' | 'reached'>): Verdict {
  const { low, high } = reached;
  const [best, worst, limit] =
    'atMost' in wanted ? [low, high, wanted.atMost] : [-high, -low, -wanted.atLeast];
  if (worst <= limit) return 'met';
  return best > limit ? 'missed' : 'unclear';
}

/** What an interval says about a target. */
export type Verdict = 'met' | 'missed' | 'unclear';
