import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { scratchDirectory, shellScript } from './fake-python.ts';

const command = join(import.meta.dirname, '../deploy/test-deploy.ts');

describe('without a Python that will do it says so in one sentence, exit code 2', () => {
  test('there is none', async () => {
    const PATH = await scratchDirectory();
    expect(await testDeploy({ PATH })).toEqual(refusal('neither python3 nor python is one'));
  });

  test.for(['2.7.18', '3.9.21'])('it is %s', async (version) => {
    const PATH = await scratchDirectory();
    await shellScript(join(PATH, 'python3'), `echo ${version}`);
    await shellScript(join(PATH, 'python'), `echo ${version}`);
    expect(await testDeploy({ PATH })).toEqual(refusal('neither python3 nor python is one'));
  });

  test('it cannot make virtual environments', async () => {
    const PATH = await scratchDirectory();
    await shellScript(join(PATH, 'python3'), 'exit 1');
    expect(await testDeploy({ PATH })).toEqual(refusal('neither python3 nor python is one'));
  });

  test('PYTHON names another, whatever the PATH has', async () => {
    const PATH = await scratchDirectory();
    await shellScript(join(PATH, 'python3'), 'echo 3.12.3');
    const PYTHON = await shellScript(join(PATH, 'old'), 'echo 3.9.21');
    expect(await testDeploy({ PATH, PYTHON })).toEqual(refusal(`PYTHON (${PYTHON}) is none`));
  });
});

test('a signal ends it while a Python is asked that does not answer, exit code 130', async () => {
  const PATH = await scratchDirectory();
  const PYTHON = await shellScript(join(PATH, 'hangs'), 'kill -TERM $PPID', 'exec /bin/sleep 600');
  expect(await testDeploy({ PATH, PYTHON })).toEqual({ code: 130, stdout: '', stderr: '' });
});

test('a folder for temporary files that is missing is named, with what to do, exit code 1', async () => {
  const PATH = await scratchDirectory();
  const PYTHON = await shellScript(join(PATH, 'python'), 'echo 3.12.3');
  const TMPDIR = join(PATH, 'missing');
  expect(await testDeploy({ PATH, PYTHON, TMPDIR })).toEqual({
    code: 1,
    stdout: '',
    stderr: `${TMPDIR} cannot be used (ENOENT): set TMPDIR to a folder that you may write to.\n`,
  });
});

async function testDeploy(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [command], { env });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

const refusal = (reason: string) => ({
  code: 2,
  stdout: '',
  stderr:
    `these tests need Python 3.10 or newer with its module venv, and ${reason}: install it ` +
    '(on Debian and Ubuntu python3-venv), or name it in PYTHON.\n',
});
