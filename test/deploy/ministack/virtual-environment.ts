import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inFolder } from './folder.ts';
import { type Occupancy, occupy } from './occupancy.ts';
import { run } from './process-group.ts';
import type { Python } from './python.ts';

/** A virtual environment that is to be there. */
export interface VirtualEnvironment {
  readonly python: Python;
  /** Where it is; whatever else is there is deleted. */
  readonly directory: string;
  /** Path of the file of requirements, all with their hashes. */
  readonly requirements: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stop: AbortSignal;
}

/** The Python of a virtual environment. */
export const pythonOf = (directory: string): string => join(directory, 'bin', 'python');

/**
 * Makes a virtual environment and installs the requirements, unless both are done already. An
 * installation that did not come to its end counts for nothing. No other process makes it anew
 * until what this gives is closed.
 * @throws Error when the folder is denied, or is to be made anew while others use it, or when
 *   Python or pip fails; they say why by themselves
 */
export async function prepareVirtualEnvironment(
  wanted: VirtualEnvironment,
  progress: (step: string) => void,
): Promise<AsyncDisposable> {
  const { directory } = wanted;
  return inFolder(directory, 'make it a folder that you may write to, or delete it', async () => {
    const occupancy = await occupy(directory);
    try {
      await prepare(wanted, occupancy, progress);
      return occupancy;
    } catch (error) {
      await occupancy[Symbol.asyncDispose]();
      throw error;
    }
  });
}

async function prepare(
  wanted: VirtualEnvironment,
  occupancy: Occupancy,
  progress: (step: string) => void,
): Promise<void> {
  const { python, directory, requirements } = wanted;
  const record = join(directory, 'installed.txt');
  const content = `${directory}\n${python.version}\n${await readFile(requirements, 'utf8')}`;
  if ((await readFile(record, 'utf8').catch(() => undefined)) === content) return;
  await occupancy.beAlone();
  // Whoever comes from now on finds no record, so wants to be alone too, and is not.
  await rm(record, { force: true });
  await occupancy.beAlone();
  progress(`Installing ${requirements} into ${directory}, which takes a minute`);
  await occupancy.clear();
  await succeed(wanted, python.command, ['-m', 'venv', directory]);
  await succeed(wanted, pythonOf(directory), [...pipInstall, requirements]);
  await writeFile(record, content);
}

// The file lists all of them: pip would look for those of extras anew, and find them without a hash.
// A package that is not there as a wheel would bring tools to build it that have no hash.
const pipInstall = [
  ...['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'],
  ...['--only-binary', ':all:', '--no-deps', '--require-hashes', '--requirement'],
];

async function succeed(
  { environment, stop }: VirtualEnvironment,
  command: string,
  parameters: readonly string[],
): Promise<void> {
  const code = await run(command, parameters, {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    stop,
  });
  if (code !== 0) throw new Error(`${[command, ...parameters].join(' ')} failed.`);
}
