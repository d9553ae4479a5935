import {
  type Machine,
  type RecordedReport,
  ratioIn,
  ratioTarget,
  type Table,
  type Target,
} from './report.ts';
import type { Spread } from './spread.ts';

/** A ratio, or another figure of a target, and what it was in a report from before. */
export interface Compared extends Pick<Target, 'what' | 'wanted' | 'unit'> {
  readonly now: Spread;
  /** Undefined: the other report does not have it. */
  readonly before: Spread | undefined;
  readonly change: Change;
  /** Whether it is of this code, and not of a peer. */
  readonly ours: boolean;
}

/** Everything about two reports of a bench. */
export interface Comparison {
  readonly targets: readonly Compared[];
  /** The ratios of all rows to what their table compares with, but for those that have a target. */
  readonly rows: readonly Compared[];
}

/** What two intervals say; it is unclear where much could be hidden in them. */
export type Change = 'better' | 'worse' | 'same' | 'unclear' | 'not compared';

/** A median that has changed by less is the same. */
const little = 0.02;
/** Where a median could have changed by this much, and the intervals would not tell, they are too wide. */
const much = 0.25;

/** Whether two reports are of the same processors, and of the same major version of Node. */
export const sameMachine = (one: Machine, other: Machine): boolean => kindOf(one) === kindOf(other);

const kindOf = ({ node, cpus }: Machine): string => JSON.stringify([node.split('.', 1), cpus]);

/** Compares a report of a bench with one from before. Without that, nothing in it can be compared. */
export function compare(before: RecordedReport | undefined, now: RecordedReport): Comparison {
  const each = (target: Target, ours: boolean) =>
    compared(target, reachedIn(before, target, now), ours);
  return {
    targets: now.targets.map((target) => each(target, true)),
    rows: now.tables.flatMap((table) =>
      rowsOf(table)
        .filter((row) => !now.targets.some(isAt(row)))
        .map((row) => each(row, !table.peers?.includes(row.place?.row ?? ''))),
    ),
  };
}

/** What a report from before has, and a later one has not. */
export const missingIn = (now: RecordedReport, before: RecordedReport): readonly string[] =>
  all(compare(now, before)).flatMap(({ what, before }) => (before ? [] : what));

const all = ({ targets, rows }: Comparison): readonly Compared[] => [...targets, ...rows];

/** What is worse, of this code. */
export const worseIn = (comparison: Comparison): readonly Compared[] =>
  all(comparison).filter(({ change, ours }) => ours && change === 'worse');

/** The ratios of a table's rows, as if they were targets that nothing misses. */
function rowsOf(table: Table): readonly Target[] {
  const rows = [...table.measured.keys()].filter((row) => row !== table.against);
  return rows.flatMap((row) =>
    Object.entries(table.figures).map(([figure, { heading, moreIsBetter }]) =>
      ratioTarget(table, {
        what: `${table.title}: ${row} against ${table.against}, ${heading}`,
        wanted: moreIsBetter ? { atLeast: 0 } : { atMost: Number.POSITIVE_INFINITY },
        row,
        figure,
      }),
    ),
  );
}

const isAt =
  ({ place: at }: Target) =>
  ({ place }: Target): boolean =>
    place?.table === at?.table &&
    place?.row === at?.row &&
    place?.figure === at?.figure &&
    !place?.to;

/** What a report from before says to a target: by its rounds, or where that has no place, by its words. */
function reachedIn(
  report: RecordedReport | undefined,
  { what, place, wanted }: Target,
  { tables }: RecordedReport,
): Spread | undefined {
  if (!place) return report?.targets.find((other) => other.what === what)?.reached;
  const { table, row, figure } = place;
  const to = place.to ?? tables.flatMap(({ title, against }) => (title === table ? against : []));
  const earlier = report?.tables.find(
    ({ title, figures, measured }) =>
      title === table && figure in figures && [row, ...to].every((name) => measured.has(name)),
  );
  return earlier && ratioIn(earlier, { row, figure, to }, wanted);
}

function compared(
  { what, wanted, unit, place, reached: now }: Target,
  before: Spread | undefined,
  ours: boolean,
): Compared {
  const toBeLess = 'atMost' in wanted ? (spread: Spread) => spread : inverse;
  const comparable = before && (place || (isExact(before) && isExact(now)));
  const change = comparable ? changeOf(toBeLess(before), toBeLess(now)) : 'not compared';
  return { what, wanted, unit, now, before, change, ours };
}

/** A size is, a time never: what is no ratio depends on what else the machine did. */
const isExact = ({ low, high }: Spread): boolean => low === high;

const inverse = ({ median, low, high }: Spread): Spread => ({
  median: 1 / median,
  low: 1 / high,
  high: 1 / low,
});

/** What has become of a figure, of which less is better. */
function changeOf(before: Spread, now: Spread): Change {
  if (hasGrown(before, now)) return 'worse';
  if (hasGrown(now, before)) return 'better';
  return mayHaveGrown(before, now) || mayHaveGrown(now, before) ? 'unclear' : 'same';
}

const hasGrown = (from: Spread, to: Spread): boolean =>
  to.low > from.high && to.median > from.median * (1 + little);

const mayHaveGrown = (from: Spread, to: Spread): boolean => to.high > from.low * (1 + much);
