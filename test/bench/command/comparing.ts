import { comparisonPage, summary } from '../pages/compared.ts';
import { type Comparison, compare, missingIn, sameMachine, worseIn } from '../report/comparison.ts';
import { machine, type RecordedReport } from '../report/report.ts';
import { type Reports, reportsIn, whyNotCompared } from './folders.ts';
import type { Measuring } from './options.ts';
import { Refusal } from './refusal.ts';
import type { Measure, Output } from './surroundings.ts';

/**
 * Measures benches, and compares them with the reports of before that are of this kind of machine.
 * @returns the exit code of the command
 */
export async function compareBenches(
  names: readonly string[],
  measuring: Measuring,
  { measure, ...output }: Output & { readonly measure: Measure },
): Promise<number> {
  const all = await comparable(names, measuring, output);
  const blind = names.length - all.size;
  if (measuring.check && all.size === 0) return 3;
  const comparisons: Comparison[] = [];
  let worse = 0;
  for (const name of names) {
    const before = all.get(name);
    const comparison = compareOne(name, { before, now: await measure(name) }, output);
    comparisons.push(comparison);
    if (measuring.check) worse += await worseAgain(name, comparison, { before, measure, output });
  }
  output.print(summary(comparisons, measuring.against));
  if (!measuring.check) return 0;
  return worse > 0 ? 1 : blind > 0 ? 3 : 0;
}

/** Compares the reports of two folders. */
export async function compareFolders(
  folders: { readonly before: string; readonly now: string },
  output: Output,
): Promise<void> {
  const [earlier, reports] = [await reportsIn(folders.before), await reportsIn(folders.now)];
  const comparisons = [...reports].map(([name, now]) => {
    const before = earlier.get(name);
    if (before && sameMachine(before, now)) return compareOne(name, { before, now }, output);
    output.tell(`${name} is not compared: ${whyNotCompared(before, folders.before)}`);
    return compareOne(name, { before: undefined, now }, output);
  });
  output.print(summary(comparisons, folders.before));
}

/** Prints how a report compares with one from before. */
function compareOne(
  name: string,
  { before, now }: { readonly before: RecordedReport | undefined; readonly now: RecordedReport },
  { print, tell }: Output,
): Comparison {
  const comparison = compare(before, now);
  print(`${comparisonPage(name, comparison)}\n`);
  for (const what of before ? missingIn(now, before) : []) tell(`${name} no longer has ${what}`);
  return comparison;
}

/** The reports of before, of the benches that can be compared with them; says of the others why not. */
async function comparable(
  names: readonly string[],
  { check, against }: Measuring,
  { tell }: Output,
): Promise<Reports> {
  const reports = await reportsIn(against).catch((error: unknown): Reports => {
    if (check || !(error instanceof Refusal)) throw error;
    return new Map();
  });
  return new Map(
    names.flatMap((name) => {
      const report = reports.get(name);
      if (report && sameMachine(report, machine())) return [[name, report]];
      tell(`${name} is not compared: ${whyNotCompared(report, against)}`);
      return [];
    }),
  );
}

/** What is needed to measure a bench again. */
interface Again {
  readonly before: RecordedReport | undefined;
  readonly measure: Measure;
  readonly output: Output;
}

/**
 * Measures a bench once more where figures are worse, for of a hundred intervals chance alone puts some apart.
 * @returns how many are worse both times, which it prints
 */
async function worseAgain(
  name: string,
  first: Comparison,
  { before, measure, output }: Again,
): Promise<number> {
  const suspects = new Set(worseIn(first).map(({ what }) => what));
  if (suspects.size === 0) return 0;
  output.tell(`${name}: once more, worse are ${[...suspects].join('; ')}`);
  const again = compare(before, await measure(name));
  const rows = worseIn(again).filter(({ what }) => suspects.has(what));
  output.print(`${comparisonPage(`${name}, worse twice in a row`, { targets: [], rows })}\n`);
  return rows.length;
}
