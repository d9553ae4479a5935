import { readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Report, targetTable } from './report/report.ts';

/** Where the README shows what benches were to reach, and have. */
const [begin, end] = ['<!-- bench -->', '<!-- /bench -->'];

/** The README with the targets of all reports in a folder. @throws Error when it has no place for them */
export async function readmeWithTargets(readme: string, folder: string): Promise<string> {
  const [before, rest] = readme.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the README has no ${begin}`);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const reports = await Promise.all(
    // As writeReport has written it.
    files.map(async (name) => JSON.parse(await readFile(resolve(folder, name), 'utf8')) as Report),
  );
  const table = targetTable(reports.flatMap(({ targets }) => targets));
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

/** Writes the targets of all reports in a folder into the README. */
export async function showInReadme(path: string, folder: string): Promise<void> {
  const readme = await readFile(path, 'utf8');
  await writeFile(path, await readmeWithTargets(readme, folder));
}
