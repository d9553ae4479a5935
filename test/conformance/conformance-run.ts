import { Refusal } from '../../cli/refusal.ts';
import { printable } from '../../cli/terminal.ts';
import manifest from '../../package.json' with { type: 'json' };
import { allCases } from './all-cases.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { countersignCommand } from './countersign-command.ts';
import { readKnownFailures } from './known-failures.ts';
import { notVisible } from './not-visible.ts';
import type { ConformanceOptions } from './options.ts';
import { type Registration, register } from './registration.ts';
import { summaryText } from './report.ts';
import { reportFiles } from './report-files.ts';
import { type CaseResult, runSuite, type SuiteOptions } from './suite.ts';

/** What a run is given from outside. */
export interface ConformanceRun {
  /** Takes progress and results, line by line. */
  readonly write: (line: string) => void;
  /** NumericDate. */
  readonly now: () => number;
  /** Tells this run's throw-away clients from any other's. */
  readonly name: string;
  /** Ends the run early; what is registered is taken away all the same. */
  readonly signal: AbortSignal;
}

/**
 * Runs the conformance suite as the options say.
 * @returns the results of all cases that were run
 * @throws Refusal when an option makes no sense
 */
export async function conform(
  options: ConformanceOptions,
  run: ConformanceRun,
): Promise<readonly CaseResult[]> {
  const cases = chosenCases(options.only);
  const knownFailures = await knownFailuresIn(options.knownFailures);
  const files = options.report === undefined ? undefined : await reportFiles(options.report);
  const ran_at = run.now();
  const subject = {
    issuer: options.issuer.href.replace(/\/$/, ''),
    api: options.api?.href,
    knownFailures,
    limit: options.limit * 1000,
  };
  const registration = await registerFor(cases, options, run);
  const results = await runCases(cases, { ...subject, registration }, run);
  await files?.write({ ...subject, ran_at, version: manifest.version, results, notVisible });
  run.write(summaryText(results));
  return results;
}

async function runCases(
  cases: readonly ConformanceCase[],
  subject: Omit<SuiteOptions, 'now' | 'signal' | 'progress'>,
  { now, signal, write }: ConformanceRun,
): Promise<readonly CaseResult[]> {
  const progress = (result: CaseResult) => write(progressLine(result));
  try {
    return await runSuite(cases, { ...subject, now, signal, progress });
  } finally {
    await takeAway(subject.registration, write);
  }
}

function chosenCases(only: readonly string[] | undefined): readonly ConformanceCase[] {
  if (!only) return allCases;
  const unknown = only.find((wanted) => !allCases.some(({ rule }) => rule.startsWith(wanted)));
  if (unknown) throw new Refusal(`there is no case for ${unknown}`, 2);
  return allCases.filter(({ rule }) => only.some((wanted) => rule.startsWith(wanted)));
}

const knownFailuresIn = (file: string | undefined) =>
  file === undefined
    ? undefined
    : readKnownFailures(file, allCases).catch((error) => {
        throw new Refusal(error.message, 2);
      });

async function registerFor(
  cases: readonly ConformanceCase[],
  options: ConformanceOptions,
  { name, write }: ConformanceRun,
): Promise<Registration | undefined> {
  const { local, stack, region, profile, api, apiResource } = options;
  if (!local && !stack) return undefined;
  const usable = cases.filter(({ callsApi }) => api || !callsApi);
  const names = [...new Set(usable.flatMap(({ uses = [] }) => uses))];
  const command = countersignCommand([
    ...(local ? ['--local'] : []),
    ...(stack ? ['--stack', stack] : []),
    ...(region ? ['--region', region] : []),
    ...(profile ? ['--profile', profile] : []),
  ]);
  write(`registering ${names.length} throw-away clients`);
  // The identifier of an API that is an origin has no slash at its end, as `new URL` adds it.
  const resource = apiResource ?? api?.href.replace(/^([^/]+:\/\/[^/]+)\/$/, '$1');
  return register(command, { run: name, names, api: resource });
}

async function takeAway(registration: Registration | undefined, write: ConformanceRun['write']) {
  const left = await registration?.remove();
  for (const parameters of left ?? []) {
    write(`could not be taken away; run: npx countersign ${parameters}`);
  }
}

function progressLine({ verdict, rule, title, reason }: CaseResult): string {
  const why = reason === undefined || verdict === 'not run' ? '' : `\n${' '.repeat(14)}${reason}`;
  return printable(`${verdict.padEnd(13)} ${rule} ${title}${why}`);
}
