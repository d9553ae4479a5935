import { redraw, writeReport } from '../pages/files.ts';
import { markdown } from '../pages/markdown.ts';
import type { RecordedReport } from '../report/report.ts';
import { ofRuns } from '../report/runs.ts';
import { benches, benchOf } from './benches.ts';
import { compareBenches } from './comparing.ts';
import { makeFolder } from './folders.ts';
import type { Measuring } from './options.ts';
import type { Measure, Output, Surroundings } from './surroundings.ts';

/**
 * Measures benches, prints what came out, and writes it where that was asked for.
 * @returns the exit code of the command
 */
export async function measureBenches(
  measuring: Measuring,
  surroundings: Surroundings,
): Promise<number> {
  const { quick, check, out } = measuring;
  if (out !== undefined) await makeFolder(out);
  const measure: Measure = async (name) => {
    const report = await allRuns(name, measuring, surroundings);
    if (out !== undefined) await writeReport(name, report, out);
    return report;
  };
  const names = chosen(measuring);
  const code =
    quick || check
      ? await compareBenches(names, measuring, { ...surroundings, measure })
      : await printBenches(names, { ...surroundings, measure });
  if (out !== undefined) await redraw(out);
  return code;
}

const chosen = ({ names }: Measuring): readonly string[] =>
  Object.keys(benches).filter((name) =>
    names.length === 0 ? !benches[name]?.onlyIfNamed : names.includes(name),
  );

async function allRuns(
  name: string,
  { quick, runs }: Measuring,
  { measure }: Surroundings,
): Promise<RecordedReport> {
  const plan = benchOf(name).plans[quick ? 'quick' : 'usual'];
  const reports: RecordedReport[] = [];
  for (let run = 1; run <= runs; run += 1) {
    const label = runs === 1 ? name : `${name}, run ${run} of ${runs}`;
    reports.push(await measure({ name, plan, label }));
  }
  return ofRuns(reports);
}

async function printBenches(
  names: readonly string[],
  { print, measure }: Output & { readonly measure: Measure },
): Promise<number> {
  for (const name of names) print(`${markdown(name, await measure(name))}\n`);
  return 0;
}
