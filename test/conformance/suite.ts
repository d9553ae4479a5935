import { NoAnswer } from '../../cli/io/http.ts';
import { atOnce } from './at-once.ts';
import {
  type ConformanceCase,
  type Deployment,
  Nonconformity,
  NotCovered,
  NotOffered,
} from './conformance-case.ts';
import { type Announced, readAnnounced } from './endpoints.ts';
import { judge, type KnownFailures } from './known-failures.ts';
import { namesIn, type Recording, recordingDeployment } from './recording-deployment.ts';
import type { Registration } from './registration.ts';
import { type Exchanged, plain } from './transcript.ts';

export type Verdict = 'pass' | 'fail' | 'known failure' | 'not offered' | 'not run';

/** How a case went. */
export interface CaseResult extends Pick<ConformanceCase, 'rule' | 'section' | 'title'> {
  readonly verdict: Verdict;
  /** Why it is not a pass: a sentence without a full stop. */
  readonly reason?: string;
  readonly exchanges: readonly Exchanged[];
}

/** What the cases are run on, and how. */
export interface SuiteOptions {
  readonly issuer: string;
  /** The URL of an API behind the authorizer; absent: its cases are not run. */
  readonly api?: string | undefined;
  /** What the API takes its URL to be, where something stands in front of it. @default `api` */
  readonly apiHtu?: string | undefined;
  /** Absent: cases that use clients are not run. */
  readonly registration?: Registration | undefined;
  readonly knownFailures?: KnownFailures;
  /** Milliseconds for each case. */
  readonly limit: number;
  /** NumericDate. */
  now(): number;
  /** Lets seconds pass; absent: cases that have to wait are not run. */
  readonly wait?: ((seconds: number) => Promise<void>) | undefined;
  /** Takes each result as soon as it is there. */
  progress?(result: CaseResult): void;
  /** Once aborted, no further case begins, and none of those that run counts. */
  readonly signal?: AbortSignal | undefined;
}

const casesAtOnce = 6;
const noSecrets = 'the metadata announces no client secrets, which its throw-away clients need';
const noFailures: KnownFailures = new Map();

/** Runs the cases, a few at a time, and gives their results in the order of the cases. */
export async function runSuite(
  cases: readonly ConformanceCase[],
  options: SuiteOptions,
): Promise<readonly CaseResult[]> {
  const stopped = untilAborted(options.signal);
  const reading = readAnnounced(options.issuer, options.limit);
  const untold = ({ message }: Error) => ({ endpoints: () => message, takesNoSecret: false });
  const announced = await Promise.race([reading, stopped]).catch(untold);
  const results = new Map<ConformanceCase, CaseResult>();
  const runOne = async (conformanceCase: ConformanceCase): Promise<void> => {
    if (options.signal?.aborted) return;
    const result = await runCase(conformanceCase, options, { ...announced, stopped });
    if (options.signal?.aborted) return;
    const judged = judge(result, options.knownFailures ?? noFailures);
    results.set(conformanceCase, judged);
    options.progress?.(judged);
  };
  const together = cases.filter(({ alone }) => !alone);
  await atOnce(casesAtOnce, together, runOne);
  await atOnce(
    1,
    cases.filter(({ alone }) => alone),
    runOne,
  );
  return cases.flatMap((conformanceCase) => results.get(conformanceCase) ?? []);
}

async function runCase(
  conformanceCase: ConformanceCase,
  options: SuiteOptions,
  { takesNoSecret, ...shared }: Announced & Pick<Recording, 'stopped'>,
): Promise<CaseResult> {
  const { rule, section, title } = conformanceCase;
  const names = namesIn(options);
  const exchanges: Exchanged[] = [];
  const outcome =
    hindrance(conformanceCase, options) ??
    withoutSecrets(conformanceCase, takesNoSecret) ??
    (await outcomeOf(
      conformanceCase,
      recordingDeployment(conformanceCase, options, { names, exchanges, ...shared }),
    ));
  const reason = outcome.reason === undefined ? undefined : plain(outcome.reason, names);
  return { rule, section, title, ...outcome, ...(reason && { reason }), exchanges };
}

type Outcome = Pick<CaseResult, 'verdict' | 'reason'>;

function hindrance(
  { uses = [], callsApi, showsCertificate, waits }: ConformanceCase,
  { api, registration, wait }: SuiteOptions,
): Outcome | undefined {
  if (callsApi && !api) return { verdict: 'not run', reason: 'it needs --api' };
  if (waits && !wait) return { verdict: 'not run', reason: 'it needs --wait' };
  // It finds by itself whether certificates are offered, and then that there is none.
  if (showsCertificate && !registration?.certificate) return undefined;
  if (uses.length === 0) return undefined;
  if (!registration) return { verdict: 'not run', reason: 'it needs --stack or --local' };
  const missing = uses.find((name) => !registration.clients.has(name));
  if (missing === undefined) return undefined;
  const why = registration.trouble.get(missing);
  return { verdict: 'fail', reason: `its client could not be registered: ${why}` };
}

/** A deployment without secrets gets no further with clients that have one, and show nothing else. */
function withoutSecrets(
  { uses = [], provesPossession }: ConformanceCase,
  takesNoSecret: boolean,
): Outcome | undefined {
  const isHindered = takesNoSecret && !provesPossession && uses.length > 0;
  return isHindered ? { verdict: 'not run', reason: noSecrets } : undefined;
}

async function outcomeOf(
  conformanceCase: ConformanceCase,
  deployment: Deployment,
): Promise<Outcome> {
  try {
    await conformanceCase.run(deployment);
    return { verdict: 'pass' };
  } catch (error) {
    if (error instanceof NotOffered) return { verdict: 'not offered', reason: error.message };
    if (error instanceof NotCovered) return { verdict: 'not run', reason: error.message };
    const isReason = error instanceof Nonconformity || error instanceof NoAnswer;
    if (isReason) return { verdict: 'fail', reason: error.message };
    return { verdict: 'fail', reason: `its answer makes no sense: ${error}` };
  }
}

/** Fails once the signal is aborted, so that nobody waits for answers any longer. */
function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new NoAnswer('stopped'));
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  promise.catch(() => undefined);
  return promise;
}
