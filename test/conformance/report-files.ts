import { constants } from 'node:fs';
import { access, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CliError } from '../../cli/io/cli-error.ts';
import { jsonReport, markdownReport, type Report } from './report.ts';

/** The two files that a report becomes. */
export interface ReportFiles {
  write(report: Report): Promise<void>;
}

/**
 * Makes sure before a run that its report can be written. Files of an earlier run stay until then.
 * @param file their name, with or without .md or .json
 * @throws CliError when it cannot
 */
export async function reportFiles(file: string): Promise<ReportFiles> {
  const base = file.replace(/\.(md|json)$/, '');
  await refusing(base, access(dirname(base), constants.W_OK));
  return {
    async write(report) {
      await refusing(base, replace(`${base}.md`, markdownReport(report)));
      await refusing(base, replace(`${base}.json`, jsonReport(report)));
    },
  };
}

async function replace(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

async function refusing(file: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`the report ${file} cannot be written (${code}): choose another place`, 2);
  }
}
