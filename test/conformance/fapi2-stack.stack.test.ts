import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { sharedStack } from '../support/shared-stack.ts';
import type { CaseResult } from './suite.ts';

/** The real command, pointed at a local stack of profile fapi2 that asks for nonces at both ends. */

const stack = await sharedStack({ profile: 'fapi2', dpopNonce: 'required' });
const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
afterAll(() => rm(directory, { recursive: true }));

/** @returns what came of the cases, as `rule verdict`, and the report */
async function judge(api: string, only: readonly string[] = []) {
  const report = join(directory, 'report');
  const options = ['--issuer', stack.issuer, '--api', api, '--api-resource', stack.api, '--local'];
  const command = ['test/conformance/conformance.ts', ...options, '--report', report, ...only];
  const env = { ...stack.environment, NODE_EXTRA_CA_CERTS: stack.tlsAuthority };
  const { stdout } = await promisify(execFile)(process.execPath, command, { env }).catch(
    ({ stdout }) => ({ stdout }),
  );
  const { cases } = JSON.parse(await readFile(`${report}.json`, 'utf8')) as {
    readonly cases: readonly CaseResult[];
  };
  return { cases, stdout };
}

describe('the conformance suite on a stack of profile fapi2', () => {
  test('L08, L09, D06, D13, D17: judges profile and nonces, and finds no failure', async () => {
    const { cases, stdout } = await judge(`${stack.api}/guarded`);
    expect(cases.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    const passed = new Set(
      cases.filter(({ verdict }) => verdict === 'pass').map(({ rule }) => rule),
    );
    const bound = cases.filter(({ rule }) => /^(C0[456]|D(?!16)|I12|L01|L08|L09)/.test(rule));
    expect(bound.map(({ rule }) => rule).filter((rule) => !passed.has(rule))).toEqual([]);
    expect(stdout).toContain(' 0 fail');
  });

  test('C05: a token gets in with its certificate, where the API is reached by TLS', async () => {
    const { cases } = await judge(stack.mtlsApi, ['--only', 'C05']);
    expect(cases.map(({ verdict, reason }) => [verdict, reason])).toEqual([['pass', undefined]]);
    const last = cases[0]?.exchanges.at(-1);
    expect(last?.received).toMatch(/^200/);
  });
});
