import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { startTestStack } from '../support/local-stack.ts';
import type { CaseResult } from './suite.ts';

/** The real command, pointed at a local stack whose functions run from their bundles. */

const stack = await startTestStack();
const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
afterAll(async () => {
  await stack.stop();
  await rm(directory, { recursive: true });
});

const run = (parameters: readonly string[]) =>
  promisify(execFile)(process.execPath, parameters, { env: stack.environment }).then(
    ({ stdout }) => ({ exitCode: 0, stdout }),
    ({ code, stdout }) => ({ exitCode: code, stdout }),
  );

const list = (kind: string) => run(['cli/countersign.ts', kind, 'list', '--local', '--json']);

const before = [await list('client'), await list('resource')];
const report = join(directory, 'report');
const outcome = await run([
  'test/conformance/conformance.ts',
  ...['--issuer', stack.issuer, '--api', stack.api, '--local', '--report', report],
]);
const { cases, summary } = JSON.parse(await readFile(`${report}.json`, 'utf8')) as {
  readonly cases: readonly CaseResult[];
  readonly summary: Readonly<Record<string, number>>;
};

// On loopback there is no TLS (A06), and in an HTTP API no challenge of an authorizer (I09, I10).
const notBuilt = 'A06 A06 B14 D06 D13 D17 E12 E13 H08 I09 I09 I10 L08 L09 M05 M07 N N N N';

const rulesOf = (wanted: CaseResult['verdict']) =>
  cases.filter(({ verdict }) => verdict === wanted).map(({ rule }) => rule);

describe('the conformance suite on the local stack', () => {
  test.for(cases.map(({ rule, title, ...rest }) => [rule, title, rest] as const))(
    '%s: %s',
    ([, , { verdict, reason }]) => expect([verdict, reason]).not.toContain('fail'),
  );

  test('finds no failure and exits with 0', () => {
    expect(outcome.exitCode).toBe(0);
    expect(summary.fail).toBe(0);
    expect(outcome.stdout).toContain(`${summary.pass} pass, 0 fail`);
  });

  test('finds offered what is built, and nothing else', () => {
    expect(rulesOf('not offered').join(' ')).toBe(notBuilt);
  });

  test('judges all of it, but whether a token ends, for which it would have to wait', () => {
    expect(rulesOf('not run')).toEqual(['I07', 'I13']);
  });

  test('takes away what it registered', async () => {
    expect([await list('client'), await list('resource')]).toEqual(before);
  });

  test('tells no secret, in neither report', async () => {
    for (const file of [`${report}.md`, `${report}.json`]) {
      const text = await readFile(file, 'utf8');
      expect(text).not.toMatch(/countersign_\w{20}|eyJ\w{10}/);
    }
  });
});
