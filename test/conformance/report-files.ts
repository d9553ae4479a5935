import { open } from 'node:fs/promises';
import { Refusal } from '../../cli/refusal.ts';
import { jsonReport, markdownReport, type Report } from './report.ts';

/** The two files that a report becomes. */
export interface ReportFiles {
  write(report: Report): Promise<void>;
}

/**
 * Opens the files of a report before there is one, so that a run is not in vain.
 * @param file their name, with or without .md or .json
 * @throws Refusal when they cannot be written
 */
export async function reportFiles(file: string): Promise<ReportFiles> {
  const base = file.replace(/\.(md|json)$/, '');
  const [markdown, json] = [await openFile(`${base}.md`), await openFile(`${base}.json`)];
  return {
    async write(report) {
      await markdown.writeFile(markdownReport(report));
      await json.writeFile(jsonReport(report));
      await Promise.all([markdown.close(), json.close()]);
    },
  };
}

async function openFile(path: string) {
  try {
    return await open(path, 'w');
  } catch (error) {
    throw new Refusal(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`, 2);
  }
}
