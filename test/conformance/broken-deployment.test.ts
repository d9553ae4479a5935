import { randomBytes } from 'node:crypto';
import { afterAll, expect, test, vi } from 'vitest';
import { inProcess } from '../cli/command.ts';
import { allCases } from './all-cases.ts';
import { allBreakages } from './breakages/all-breakages.ts';
import { startBrokenDeployment } from './broken-deployment.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { type CountersignCommand, register } from './registration.ts';
import { type CaseResult, runSuite } from './suite.ts';

/** Breaks one thing at a time, and shows that the suite catches it. */

const deployment = await startBrokenDeployment();
vi.stubEnv('COUNTERSIGN_DIRECTORY', deployment.stack.directory);

const command: CountersignCommand = async (parameters) => {
  const { exitCode, stdout, stderr } = await inProcess([...parameters, '--local', '--json']);
  if (exitCode === 0) return JSON.parse(stdout);
  throw new Error(stderr);
};

const registered = () =>
  register(command, {
    run: randomBytes(4).toString('hex'),
    names: [...new Set(allCases.flatMap(({ uses = [] }) => uses))],
    api: deployment.stack.api,
  });

// The tests take turns with them: sixty wrong secrets in a minute lock a client out.
const registrations = [await registered(), await registered()];

afterAll(async () => {
  await deployment.stop();
  vi.unstubAllEnvs();
});

const now = () => Math.floor(Date.now() / 1000);

async function run(cases: readonly ConformanceCase[], turn = 0): Promise<readonly CaseResult[]> {
  if (cases.length === 0) return [];
  const { issuer, api } = deployment;
  const registration = registrations[turn % registrations.length];
  return runSuite(cases, { issuer, api, registration, limit: 20_000, now });
}

const nameOf = ({ rule, title }: Pick<ConformanceCase, 'rule' | 'title'>) => `${rule}: ${title}`;

const namesOfFailures = (results: readonly CaseResult[]) =>
  results.filter(({ verdict }) => verdict === 'fail').map(nameOf);

/** On a loopback address there is no TLS to be missed. */
const unbreakable = ['A06: the token endpoint does not answer without TLS'];

test('with nothing broken, nothing fails', async () => {
  deployment.break({});
  expect(namesOfFailures(await run(allCases))).toEqual([]);
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
  deployment.break(breakage);
  const rest = allCases.filter((one) => one.rule === meant.rule && one !== meant);
  expect(namesOfFailures(await run(rest, turn))).toEqual([]);
  expect(namesOfFailures(await run([meant], turn))).toEqual([nameOf(meant)]);
});

test('each case is caught failing once at least', () => {
  const beginnings = Object.keys(allBreakages);
  const isCaught = (name: string) => beginnings.some((beginning) => name.startsWith(beginning));
  const never = allCases.map(nameOf).filter((name) => !isCaught(name));
  expect(never).toEqual(unbreakable);
});
