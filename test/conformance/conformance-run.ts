import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../../cli/io/cli-error.ts';
import type { TlsIdentity } from '../../cli/io/http.ts';
import { visible } from '../../cli/io/visible.ts';
import manifest from '../../package.json' with { type: 'json' };
import { allCases } from './all-cases.ts';
import { chosenCases, neededClients } from './chosen-cases.ts';
import type { ConformanceCase } from './conformance-case.ts';
import { countersignCommand } from './countersign-command.ts';
import { demoCertificate } from './demo-certificate.ts';
import { readKnownFailures } from './known-failures.ts';
import { notVisible } from './not-visible.ts';
import type { ConformanceOptions } from './options.ts';
import type { CountersignCommand } from './registered-client.ts';
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

/** How a run ended. */
export interface ConformanceOutcome {
  readonly results: readonly CaseResult[];
  /** The `countersign` commands that take away what could not be. */
  readonly left: readonly string[];
}

/**
 * Runs the conformance suite as the options say.
 * @throws CliError when an option makes no sense, or the registry cannot be had
 */
export async function conform(
  options: ConformanceOptions,
  run: ConformanceRun,
): Promise<ConformanceOutcome> {
  const cases = chosenCases(options.only);
  const subject = {
    issuer: options.issuer.href.replace(/\/$/, ''),
    api: options.api?.href,
    knownFailures: await knownFailuresIn(options.knownFailures),
    limit: options.limit * 1000,
    wait: options.wait && ((seconds: number) => delay(seconds * 1000, undefined, run)),
  };
  const files = options.report === undefined ? undefined : await reportFiles(options.report);
  const ran_at = run.now();
  const { results, left } = await runRegistered(cases, { subject, options, run });
  const { version } = manifest;
  const about = { ...subject, ran_at, version, cases_in_all: allCases.length };
  await files?.write({ ...about, results, notVisible });
  run.write(summaryText(results));
  return { results, left };
}

interface Runnable {
  readonly subject: Omit<SuiteOptions, 'now' | 'signal' | 'progress'>;
  readonly options: ConformanceOptions;
  readonly run: ConformanceRun;
}

async function runRegistered(
  cases: readonly ConformanceCase[],
  { subject, options, run }: Runnable,
): Promise<ConformanceOutcome> {
  const where = registryOptions(options);
  const suite = { ...run, progress: (result: CaseResult) => run.write(progressLine(result)) };
  if (!where) return { results: await runSuite(cases, { ...subject, ...suite }), left: [] };
  run.write('registering throw-away clients');
  const command = countersignCommand(where);
  const resource = resourceOf(options);
  const certificate = options.local ? await demoCertificate() : undefined;
  const registration = await registerFor(cases, { ...run, command, resource, certificate });
  const results = await runSuite(cases, { ...subject, ...suite, registration }).catch(
    async (error) => {
      await registration.remove();
      throw error;
    },
  );
  run.write('taking the throw-away clients away');
  const left = await registration.remove();
  return { results, left: left.map((parameters) => [parameters, ...where].join(' ')) };
}

const knownFailuresIn = (file: string | undefined) =>
  file === undefined
    ? undefined
    : readKnownFailures(file, allCases).catch((error) => {
        throw new CliError(error.message, 2);
      });

interface Registering extends Pick<ConformanceRun, 'name' | 'signal'> {
  readonly command: CountersignCommand;
  readonly resource: string | undefined;
  readonly certificate: TlsIdentity | undefined;
}

async function registerFor(
  cases: readonly ConformanceCase[],
  { command, resource, certificate, name, signal }: Registering,
): Promise<Registration> {
  const names = neededClients(cases, { api: resource, certificate });
  if (names.length > 0) await checkRegistry(command, resource);
  return register(command, { run: name, names, api: resource, certificate, signal });
}

/** @throws CliError when nothing could be registered: better once than in every case */
async function checkRegistry(
  command: CountersignCommand,
  resource: string | undefined,
): Promise<void> {
  const { resource_servers: known } = (await command(['resource', 'list']).catch((error) => {
    throw new CliError(error.message);
  })) as { readonly resource_servers: readonly { readonly resource: string }[] };
  if (resource === undefined || known.some((server) => server.resource === resource)) return;
  throw new CliError(
    `the API ${resource} is no resource server of this deployment: register it with npx countersign ` +
      'resource create, or give its identifier with --api-resource',
  );
}

/** The options that lead `countersign` to the deployment; absent: nothing may be registered. */
function registryOptions(options: ConformanceOptions): readonly string[] | undefined {
  const { local, stack, region, profile } = options;
  if (local) return ['--local'];
  if (!stack) return undefined;
  const more = { '--region': region, '--profile': profile };
  return [
    ...['--stack', stack],
    ...Object.entries(more).flatMap(([name, value]) => (value ? [name, value] : [])),
  ];
}

// The identifier of an API that is an origin has no slash at its end, as `new URL` adds it.
const resourceOf = ({ api, apiResource }: ConformanceOptions): string | undefined =>
  apiResource ?? api?.href.replace(/^([^/]+:\/\/[^/]+)\/$/, '$1');

function progressLine({ verdict, rule, title, reason }: CaseResult): string {
  const why =
    reason === undefined || verdict === 'not run' ? '' : `\n${' '.repeat(14)}${visible(reason)}`;
  return `${verdict.padEnd(13)} ${rule} ${title}${why}`;
}
