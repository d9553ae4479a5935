import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allCases } from '../conformance/all-cases.ts';
import type { CaseResult } from '../conformance/suite.ts';
import { product } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';
import { environment } from './emulator.ts';

const project = join(import.meta.dirname, '../..');
const report = join(project, '.ministack/ministack');

/** The conformance suite as a user runs it after a deployment, on the deployed bundles. */
export function conformance({ issuer, api }: Deployment): void {
  // It waits for a token to expire, which takes two minutes or three.
  test('every case passes, but those that the emulator is known to fail', {
    timeout: 600_000,
  }, async () => {
    const exitCode = await run(['--issuer', issuer, '--api', api, '--stack', product, '--wait']);
    const { cases } = JSON.parse(await readFile(`${report}.json`, 'utf8')) as {
      readonly cases: readonly CaseResult[];
    };
    const wanting = cases.filter(({ verdict }) => verdict === 'fail' || verdict === 'not run');
    expect(wanting).toEqual([]);
    expect(cases.length).toBe(allCases.length);
    expect(exitCode).toBe(0);
  });
}

/** Runs the real command, which shows its progress, and gives its exit code. */
async function run(options: readonly string[]): Promise<number | null> {
  const suite = join(project, 'test/conformance/conformance.ts');
  const known = ['--known-failures', join(import.meta.dirname, 'known-failures.json')];
  const child = spawn(process.execPath, [suite, ...options, ...known, '--report', report], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [exitCode] = await once(child, 'exit');
  return exitCode;
}
