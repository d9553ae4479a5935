import { mkdir, readdir } from 'node:fs/promises';
import { readReports } from '../pages/files.ts';
import type { RecordedReport } from '../report/report.ts';
import { Refusal } from './refusal.ts';

/** Name of a bench -> its report. */
export type Reports = ReadonlyMap<string, RecordedReport>;

/**
 * Reads the reports of a folder.
 * @throws Refusal where it has none, or one that cannot be read
 */
export async function reportsIn(folder: string): Promise<Reports> {
  await readdir(folder).catch(() => {
    throw new Refusal(`there is no folder ${folder}`);
  });
  const reports = await readReports(folder).catch(({ message }: Error) => {
    throw new Refusal(`the reports in ${folder} cannot be read: ${message}`);
  });
  if (reports.size === 0) throw new Refusal(`there are no reports in ${folder}`);
  return reports;
}

/**
 * Makes a folder for reports, before anything is measured in vain.
 * @throws Refusal where it cannot be one
 */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(({ message }: Error) => {
    throw new Refusal(`${folder} cannot be a folder: ${message}`);
  });
}

/** Says why a report of a folder cannot be compared with. */
export const whyNotCompared = (report: RecordedReport | undefined, folder: string): string =>
  report
    ? `the report in ${folder} is of Node ${report.node}, ${report.cpus.length} x ${report.cpus[0]}`
    : `there is no report of it in ${folder}`;
