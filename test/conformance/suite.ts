import { exchange, NoAnswer } from '../../cli/exchange.ts';
import { atOnce } from './at-once.ts';
import {
  type ConformanceCase,
  type Deployment,
  Nonconformity,
  NotOffered,
} from './conformance-case.ts';
import { type Endpoints, findEndpoints } from './endpoints.ts';
import { judge, type KnownFailures } from './known-failures.ts';
import type { Registration } from './registration.ts';
import { answerText, type Exchanged, type Names, plain, requestText } from './transcript.ts';

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
  /** Absent: cases that use clients are not run. */
  readonly registration?: Registration | undefined;
  readonly knownFailures?: KnownFailures;
  /** Milliseconds for each case. */
  readonly limit: number;
  /** NumericDate. */
  now(): number;
  /** Takes each result as soon as it is there. */
  progress?(result: CaseResult): void;
  /** Once aborted, no further case begins. */
  readonly signal?: AbortSignal;
}

const casesAtOnce = 6;
const noFailures: KnownFailures = new Map();

/** Runs the cases, a few at a time, and gives their results in the order of the cases. */
export async function runSuite(
  cases: readonly ConformanceCase[],
  options: SuiteOptions,
): Promise<readonly CaseResult[]> {
  const endpoints = await findEndpoints(options.issuer, options.limit);
  const results = await atOnce(casesAtOnce, cases, async (conformanceCase) => {
    if (options.signal?.aborted) return [];
    const result = judge(
      await runCase(conformanceCase, options, endpoints),
      options.knownFailures ?? noFailures,
    );
    options.progress?.(result);
    return [result];
  });
  return results.flat();
}

async function runCase(
  conformanceCase: ConformanceCase,
  options: SuiteOptions,
  endpoints: Endpoints,
): Promise<CaseResult> {
  const { rule, section, title } = conformanceCase;
  const names = namesIn(options);
  const exchanges: Exchanged[] = [];
  const outcome =
    hindrance(conformanceCase, options) ??
    (await outcomeOf(
      conformanceCase,
      recordingDeployment(options, { names, exchanges, endpoints }),
    ));
  const reason = outcome.reason === undefined ? undefined : plain(outcome.reason, names);
  return { rule, section, title, ...outcome, ...(reason && { reason }), exchanges };
}

type Outcome = Pick<CaseResult, 'verdict' | 'reason'>;

function hindrance(
  { uses = [], callsApi }: ConformanceCase,
  { api, registration }: SuiteOptions,
): Outcome | undefined {
  if (callsApi && !api) return { verdict: 'not run', reason: 'it needs --api' };
  if (uses.length === 0) return undefined;
  if (!registration) return { verdict: 'not run', reason: 'it needs --stack or --local' };
  const missing = uses.find((name) => !registration.clients.has(name));
  if (missing === undefined) return undefined;
  const why = registration.trouble.get(missing);
  return { verdict: 'fail', reason: `its client could not be registered: ${why}` };
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
    const isReason = error instanceof Nonconformity || error instanceof NoAnswer;
    if (isReason) return { verdict: 'fail', reason: error.message };
    return { verdict: 'fail', reason: `its answer makes no sense: ${error}` };
  }
}

interface Recording {
  readonly names: Names;
  readonly exchanges: Exchanged[];
  readonly endpoints: Endpoints;
}

function recordingDeployment(
  options: SuiteOptions,
  { names, exchanges, endpoints }: Recording,
): Deployment {
  const { issuer, api = '', registration, limit, now } = options;
  const deadline = performance.now() + limit;
  return {
    issuer,
    api,
    endpoint(name) {
      const endpoint = endpoints(name);
      if (typeof endpoint === 'string') throw new Nonconformity(endpoint);
      return endpoint;
    },
    client: (name) => known(registration?.clients, name),
    resource: (name) => known(registration?.resources, name),
    now,
    saw: (what) => exchanges.push({ sent: '', received: plain(what, names) }),
    async send(outgoing) {
      const sent = requestText(outgoing, names);
      const left = Math.max(0, deadline - performance.now());
      const [answer, received] = await exchange(outgoing, left).then(
        (received) => [received, answerText(received, names)] as const,
        (trouble) => [undefined, trouble.message] as const,
      );
      exchanges.push({ sent, received });
      if (answer) return answer;
      throw new NoAnswer(received);
    },
  };
}

function namesIn({ issuer, registration }: SuiteOptions): Names {
  const clients = [...(registration?.clients ?? [])].flatMap(([name, client]) => [
    [client.client_id, `{${name}}`] as const,
    [client.client_secret, `{secret of ${name}}`] as const,
  ]);
  const resources = [...(registration?.resources ?? [])].map(
    ([name, uri]) => [uri, `{${name}}`] as const,
  );
  return new Map([...clients, ...resources, [issuer, '{issuer}']]);
}

function known<Name, Value>(registered: ReadonlyMap<Name, Value> | undefined, name: Name): Value {
  const value = registered?.get(name);
  if (value === undefined) throw new Error(`the case does not say that it uses ${name}`);
  return value;
}
