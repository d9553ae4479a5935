import { randomBytes } from 'node:crypto';
import { afterAll, expect, test, vi } from 'vitest';
import { inProcess } from '../cli/command.ts';
import { allCases } from './all-cases.ts';
import { allBreakages } from './breakages/all-breakages.ts';
import { allowances } from './breakages/allowances.ts';
import { announcements } from './breakages/announcements.ts';
import { startBrokenDeployment } from './breakages/broken-deployment.ts';
import { metadata } from './breakages/document-breakage.ts';
import { allOf, apiAsksForNonce, asksForNonce } from './breakages/dpop-breakage.ts';
import { withoutDpop } from './breakages/rfc9449-dpop-token.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { demoCertificate } from './demo-certificate.ts';
import type { CountersignCommand } from './registered-client.ts';
import { register } from './registration.ts';
import { type CaseResult, runSuite } from './suite.ts';

/** Breaks one thing at a time, and shows that the suite catches it. */

const command: CountersignCommand = async (parameters) => {
  const { exitCode, stdout, stderr } = await inProcess([...parameters, '--local', '--json']);
  if (exitCode === 0) return JSON.parse(stdout);
  throw new Error(stderr);
};

/** A deployment, and what is registered there for the cases. */
async function started() {
  const deployment = await startBrokenDeployment();
  vi.stubEnv('COUNTERSIGN_DIRECTORY', deployment.stack.directory);
  const registration = await register(command, {
    run: randomBytes(4).toString('hex'),
    names: [...new Set(allCases.flatMap(({ uses = [] }) => uses))],
    api: deployment.stack.api,
    certificate: await demoCertificate(),
  });
  return { ...deployment, registration };
}

// The tests take turns with two of them, and cases of lockouts have the third: six hundred failures in a minute
// lock their source out.
const [first, second, third] = [await started(), await started(), await started()];

afterAll(async () => {
  await Promise.all([first.stop(), second.stop(), third.stop()]);
  vi.unstubAllEnvs();
});

const now = () => Math.floor(Date.now() / 1000);

async function run(
  cases: readonly ConformanceCase[],
  { issuer, api, stack, registration } = first,
): Promise<readonly CaseResult[]> {
  if (cases.length === 0) return [];
  const apiHtu = stack.api;
  return runSuite(cases, { issuer, api, apiHtu, registration, limit: 20_000, now });
}

const nameOf = ({ rule, title }: Pick<ConformanceCase, 'rule' | 'title'>) => `${rule}: ${title}`;

const namesOfFailures = (results: readonly CaseResult[]) =>
  results.filter(({ verdict }) => verdict === 'fail').map(nameOf);

/** On a loopback address there is no TLS to be missed; expiry and revoked-at-api.test.ts have clocks of their own. */
const unbreakable = [
  'A06: the token endpoint does not answer without TLS',
  'I07: a token that has expired is refused, two minutes later at the latest',
  'I13: a token that its client has revoked is refused for good, and no other',
];

const uncovered = 'B14 M07 N N N N';

test('with nothing broken, nothing fails', async () => {
  first.break({});
  expect(namesOfFailures(await run(allCases))).toEqual([]);
});

test('with all that the standards leave open otherwise, nothing fails', async () => {
  first.break(allowances);
  expect(namesOfFailures(await run(allCases))).toEqual([]);
});

test('what is announced, and has no cases, is not judged', async () => {
  first.break(announcements);
  const results = await run(allCases.filter(({ rule }) => /^[BCDJ-N]/.test(rule)));
  const unjudged = results.filter(({ verdict }) => verdict === 'not run');
  expect(unjudged.map(({ rule }) => rule).join(' ')).toBe(uncovered);
});

const bound = allCases.filter(({ rule }) => /^(C0[456]|D(?!16)|I12|L01|L08|L09)/.test(rule));

test('where nothing is bound to a key or a certificate, and nothing says so, it is not offered', async () => {
  first.break(withoutDpop);
  const verdicts = (await run(bound)).map(({ verdict }) => verdict);
  expect(new Set(verdicts)).toEqual(new Set(['not offered']));
});

test('where nonces are asked for, a client has them, and its cases go on', async () => {
  first.break(allOf(asksForNonce(), apiAsksForNonce()));
  const results = await run(bound);
  const unoffered = results.filter(({ verdict }) => verdict !== 'pass');
  expect(unoffered.map(({ rule }) => rule)).toEqual(['L08', 'L09']);
});

test('where clients have no secrets, cases whose clients have one are not run', async () => {
  first.break(metadata({ token_endpoint_auth_methods_supported: ['private_key_jwt'] }));
  const results = await run(allCases.filter(({ rule }) => /^(A14|D09|H06)/.test(rule)));
  const verdicts = results.map(({ rule, verdict }) => `${rule} ${verdict}`);
  expect([...new Set(verdicts)]).toEqual(['A14 not run', 'D09 pass', 'H06 pass']);
});

const entries = Object.entries(allBreakages)
  .flatMap(([beginning, breakages]) =>
    Object.entries(breakages).map(([what, breakage]) => [what, beginning, breakage] as const),
  )
  .map((entry, turn) => [...entry, turn] as const);

test.for(entries)('a deployment that %s fails %s', async ([, beginning, breakage, turn]) => {
  const [meant, ...others] = allCases.filter((one) => nameOf(one).startsWith(beginning));
  expect(others.map(nameOf)).toEqual([]);
  if (!meant) throw new Error(`no case is called ${beginning}`);
  const inTurn = turn % 2 === 0 ? first : second;
  const deployment = meant.alone ? third : inTurn;
  deployment.break(breakage);
  const rest = allCases.filter((one) => one.rule === meant.rule && one !== meant);
  expect(namesOfFailures(await run(rest, deployment))).toEqual([]);
  expect(namesOfFailures(await run([meant], deployment))).toEqual([nameOf(meant)]);
});

test('each case is caught failing once at least', () => {
  const beginnings = Object.keys(allBreakages);
  const isCaught = (name: string) => beginnings.some((beginning) => name.startsWith(beginning));
  const never = allCases.map(nameOf).filter((name) => !isCaught(name));
  expect(never).toEqual(unbreakable);
});
