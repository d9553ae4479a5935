import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { CaseResult } from '../conformance/suite.ts';
import { product } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';

const project = join(import.meta.dirname, '../..');
const report = join(project, '.ministack/ministack');

/** The conformance suite as a user runs it after a deployment, on the deployed bundles. */
export function conformance({ issuer, api }: Deployment): void {
  test('every case passes, but those that the emulator is known to fail', async () => {
    const options = ['--issuer', issuer, '--api', api, '--stack', product, '--report', report];
    const known = ['--known-failures', join(import.meta.dirname, 'known-failures.json')];
    const suite = join(project, 'test/conformance/conformance.ts');
    const exitCode = await promisify(execFile)(process.execPath, [
      suite,
      ...options,
      ...known,
    ]).then(
      () => 0,
      ({ code }) => code,
    );
    const { cases } = JSON.parse(await readFile(`${report}.json`, 'utf8')) as {
      readonly cases: readonly CaseResult[];
    };
    const wanting = cases.filter(({ verdict }) => verdict === 'fail' || verdict === 'not run');
    expect(wanting).toEqual([]);
    expect(cases.length).toBeGreaterThan(80);
    expect(exitCode).toBe(0);
  });
}
