import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../io/process.ts';
import { StartError } from '../io/start-error.ts';
import { ensurePrivateDirectory } from './private-directory.ts';

/**
 * Locks a state directory for this process, and makes it (mode 700) when it is missing, or closes it. The lock is
 * released when it is disposed of. That of a process that was killed counts for nothing.
 * @throws StartError when another process has the directory, or it cannot be written
 */
export async function lockDirectory(directory: string): Promise<AsyncDisposable> {
  const path = join(directory, 'lock');
  try {
    await ensurePrivateDirectory(directory);
  } catch (error) {
    throw error instanceof StartError ? error : notWritable(directory, error);
  }
  try {
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && isRunning(holder)) throw inUse(directory, `process ${holder}`);
    await rm(path, { force: true });
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
  } catch (error) {
    if (error instanceof StartError) throw error;
    if (codeOf(error) === 'EEXIST') throw inUse(directory, 'it has just started');
    throw notWritable(directory, error);
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : error;

function notWritable(directory: string, cause: unknown): StartError {
  const code = codeOf(cause);
  const sentence = `${directory} cannot be written (${code}); choose another with COUNTERSIGN_DIRECTORY`;
  return new StartError(sentence, 1, { cause });
}

const inUse = (directory: string, holder: string) =>
  new StartError(
    `a local stack already runs in ${directory} (${holder}); stop it first, or set COUNTERSIGN_DIRECTORY and the six ports to run another; npm start -- --help lists them`,
  );
