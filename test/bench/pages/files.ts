import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as v from 'valibot';
import type { RecordedReport } from '../report/report.ts';
import { ofItsRounds } from '../report/runs.ts';
import { markdown } from './markdown.ts';
import { overview } from './overview.ts';
import { plot } from './plot.ts';

const measured = v.pipe(
  v.record(v.string(), v.array(v.record(v.string(), v.number()))),
  v.transform((rows) => new Map(Object.entries(rows))),
);
const table = v.object({
  title: v.string(),
  measured,
  runs: v.optional(v.number()),
  figures: v.record(
    v.string(),
    v.object({
      heading: v.string(),
      digits: v.number(),
      moreIsBetter: v.optional(v.boolean()),
    }),
  ),
  against: v.string(),
  peers: v.optional(v.array(v.string())),
  plotted: v.optional(v.array(v.string())),
});
/** Reports that were made before intervals have the least and the most of all rounds. */
const reached = v.union([
  v.object({ median: v.number(), low: v.number(), high: v.number() }),
  v.pipe(
    v.object({ median: v.number(), least: v.number(), most: v.number() }),
    v.transform(({ median, least: low, most: high }) => ({ median, low, high })),
  ),
]);
const target = v.object({
  what: v.string(),
  wanted: v.union([v.object({ atMost: v.number() }), v.object({ atLeast: v.number() })]),
  reached,
  unit: v.string(),
  place: v.optional(
    v.object({
      table: v.string(),
      row: v.string(),
      figure: v.string(),
      to: v.optional(v.array(v.string())),
    }),
  ),
});
const report = v.pipe(
  v.object({
    node: v.string(),
    cpus: v.array(v.string()),
    about: v.string(),
    tables: v.array(table),
    targets: v.array(target),
    notes: v.array(v.string()),
  }),
  v.transform((read) => ({ ...read, targets: read.targets.map(ofItsRounds(read.tables)) })),
) satisfies v.GenericSchema<unknown, RecordedReport>;

const reportText = v.pipe(v.string(), v.parseJson(), report);

/**
 * Reads the reports of a folder, by name.
 * @throws Error when one is not as writeReport has written it
 */
export async function readReports(folder: string): Promise<ReadonlyMap<string, RecordedReport>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const named = files.map(async (file) => {
    const parsed = v.safeParse(reportText, await readFile(resolve(folder, file), 'utf8'));
    if (!parsed.success) throw new Error(`${file}: ${v.summarize(parsed.issues)}`);
    return [file.replace(/\.json$/, ''), parsed.output] as const;
  });
  return new Map(await Promise.all(named));
}

/** Writes a report with every round of it as NAME.json, and as its page and plot. */
export async function writeReport(
  name: string,
  report: RecordedReport,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tables = report.tables.map((table) => ({
    ...table,
    measured: Object.fromEntries(table.measured),
  }));
  await writeFile(
    resolve(folder, `${name}.json`),
    `${JSON.stringify({ ...report, tables }, null, 2)}\n`,
  );
  for (const [file, text] of pages(name, report)) await writeFile(resolve(folder, file), text);
}

/** The pages and plots of all reports of a folder, and their overview: file -> its text. */
export async function allPages(folder: string): Promise<ReadonlyMap<string, string>> {
  const reports = await readReports(folder);
  return new Map([
    ...[...reports].flatMap(([name, report]) => pages(name, report)),
    ['README.md', overview(reports)],
  ]);
}

/** Draws the reports of a folder anew, without measuring. */
export async function redraw(folder: string): Promise<void> {
  for (const [file, text] of await allPages(folder)) await writeFile(resolve(folder, file), text);
}

const pages = (name: string, report: RecordedReport): readonly (readonly [string, string])[] => [
  [`${name}.md`, markdown(name, report)],
  [`${name}.svg`, plot(name, report)],
];
