import { type RecordedReport, ratioIn, type Table, type Target } from './report.ts';
import { spread } from './spread.ts';

/** Joins the reports of several runs of a bench: each figure is the median of the runs' medians. */
export function ofRuns(reports: readonly RecordedReport[]): RecordedReport {
  const last = reports.at(-1);
  if (!last) throw new Error('nothing was measured');
  if (reports.length === 1) return last;
  const tables = last.tables.map((table, index) => ({
    ...table,
    runs: reports.length,
    measured: allRounds(reports.map(({ tables }) => tables[index]?.measured ?? new Map())),
  }));
  const targets = last.targets.map((target, index) => ({
    ...target,
    reached: spread(
      reports.flatMap(({ targets }) => targets[index]?.reached.median ?? []),
      reports.length,
    ),
  }));
  return { ...last, tables, targets: targets.map(ofItsRounds(tables)) };
}

/** The rounds of each contestant, run after run. */
const allRounds = ([first, ...others]: readonly Table['measured'][]): Table['measured'] =>
  new Map(
    [...(first ?? [])].map(([name, rounds]) => [
      name,
      [...rounds, ...others.flatMap((measured) => measured.get(name) ?? [])],
    ]),
  );

/** Takes what a target reached from the rounds of its row, if it has a place. */
export const ofItsRounds =
  (tables: readonly Table[]) =>
  (target: Target): Target => {
    const { place, wanted } = target;
    const table = tables.find(({ title }) => title === place?.table);
    return place && table ? { ...target, reached: ratioIn(table, place, wanted) } : target;
  };
