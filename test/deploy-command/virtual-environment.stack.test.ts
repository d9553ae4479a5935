import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareVirtualEnvironment } from '../deploy/ministack/virtual-environment.ts';
import { scratchDirectory, shellScript } from './fake-python.ts';

test('the requirements are installed once', async () => {
  const { prepare, installations } = await scratchProject();
  await prepare();
  await prepare();
  expect(await installations()).toBe(1);
});

test('changed requirements are installed anew', async () => {
  const { prepare, installations, requirements } = await scratchProject();
  await prepare();
  await writeFile(requirements, 'ministack==2.0.0');
  await prepare();
  expect(await installations()).toBe(2);
});

test('another version of Python is installed for anew', async () => {
  const { prepare, installations } = await scratchProject();
  await prepare('3.12.3');
  await prepare('3.13.0');
  expect(await installations()).toBe(2);
});

test('an installation that failed is made anew, and counts only when it succeeds', async () => {
  const { prepare, installations, exitCode } = await scratchProject();
  await writeFile(exitCode, '1');
  await expect(prepare()).rejects.toThrow(/pip install .+ failed\.$/);
  await expect(prepare()).rejects.toThrow(/pip install .+ failed\.$/);
  await writeFile(exitCode, '0');
  await prepare();
  await prepare();
  expect(await installations()).toBe(3);
});

test('an installation that is interrupted counts for nothing', async () => {
  const { prepare, installations } = await scratchProject();
  const stop = new AbortController();
  const interrupted = prepare('3.12.3', stop, () => stop.abort(new Error('Ctrl-C')));
  await expect(interrupted).rejects.toThrow('Ctrl-C');
  await prepare();
  expect(await installations()).toBe(1);
});

test('what another run uses is not made anew, and is left as it is', async () => {
  const { prepare, installations, requirements, directory } = await scratchProject();
  await prepare();
  const note = join(directory, 'in-use', String(process.ppid));
  await writeFile(note, '');
  await prepare();
  await writeFile(requirements, 'ministack==2.0.0');
  await expect(prepare()).rejects.toThrow(
    `${directory} has to be made anew, but process ${process.ppid} uses it: wait for its end, or ` +
      `delete ${join(directory, 'in-use')} if it is no run of test:deploy.`,
  );
  expect(await installations()).toBe(1);
  await rm(note);
  await prepare();
  expect(await installations()).toBe(2);
});

test('it is in use until it is closed', async () => {
  const { prepare, directory } = await scratchProject();
  const use = await prepare();
  expect(await readdir(join(directory, 'in-use'))).toEqual([String(process.pid)]);
  await use[Symbol.asyncDispose]();
  expect(await readdir(join(directory, 'in-use'))).toEqual([]);
});

test('a folder that is denied is named, with what to do', async () => {
  const { prepare, directory } = await scratchProject();
  await writeFile(directory, 'no folder');
  await expect(prepare()).rejects.toThrow(
    /^\/.+ cannot be used \(\w+\): make it a folder that you may write to, or delete it\.$/,
  );
});

/** A Python that makes folders with itself in them, and notes what it is asked to install. */
async function scratchProject() {
  const scratch = await scratchDirectory();
  const [log, exitCode] = [join(scratch, 'log'), join(scratch, 'exit-code')];
  const [requirements, directory] = [join(scratch, 'requirements.txt'), join(scratch, 'venv')];
  await writeFile(log, '');
  await writeFile(exitCode, '0');
  await writeFile(requirements, 'ministack==1.0.0');
  const command = await shellScript(
    join(scratch, 'python3'),
    'if [ "$2" = venv ]; then mkdir -p "$3/bin" && exec cp "$0" "$3/bin/python"; fi',
    `echo "$@" >> ${log}`,
    `exit $(cat ${exitCode})`,
  );
  const prepare = (
    version = '3.12.3',
    stop = new AbortController(),
    progress: (step: string) => void = () => undefined,
  ) =>
    prepareVirtualEnvironment(
      {
        python: { command, version },
        directory,
        requirements,
        environment: {},
        stop: stop.signal,
      },
      progress,
    );
  const installations = async () => (await readFile(log, 'utf8')).split('\n').length - 1;
  return { prepare, installations, requirements, directory, exitCode };
}
