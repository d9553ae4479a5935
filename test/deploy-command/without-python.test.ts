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
    `test:deploy needs Python 3.10 or newer with its module venv, and ${reason}: install it ` +
    '(on Debian and Ubuntu python3-venv), or name it in PYTHON.\n',
});
