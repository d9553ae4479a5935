import { NoAnswer, sendHttp } from '../../cli/io/http.ts';
import {
  type ConformanceCase,
  type Deployment,
  Nonconformity,
  NotCovered,
} from './conformance-case.ts';
import type { Endpoints } from './endpoints.ts';
import type { SuiteOptions } from './suite.ts';
import { answerText, type Exchanged, type Names, plain, requestText } from './transcript.ts';

/** What a case needs beside the options of the suite. */
export interface Recording {
  readonly names: Names;
  /** Takes what is sent and seen. */
  readonly exchanges: Exchanged[];
  readonly endpoints: Endpoints;
  /** Fails when the run is stopped. */
  readonly stopped: Promise<never>;
}

/** A deployment as one case sees it, which writes down what the case does. */
export function recordingDeployment(
  { waits = 0 }: ConformanceCase,
  options: SuiteOptions,
  { names, exchanges, endpoints, stopped }: Recording,
): Deployment {
  const { issuer, api = '', apiHtu = api, registration, limit, now, wait } = options;
  const clock = stopwatch(limit + waits * 1000);
  return {
    issuer,
    api,
    apiHtu,
    endpoint(name) {
      const endpoint = endpoints(name);
      if (typeof endpoint === 'string') throw new Nonconformity(endpoint);
      return endpoint;
    },
    client: (name) => known(registration?.clients.get(name), name),
    resource: (name) => known(registration?.resources.get(name), name),
    certificate() {
      if (registration?.certificate) return registration.certificate;
      throw new NotCovered('it needs a client certificate, which --local has');
    },
    now,
    wait: (seconds) => known(wait, 'wait')(seconds),
    saw: (what) => exchanges.push({ sent: '', received: plain(what, names) }),
    async send(outgoing) {
      const sent = requestText(outgoing, names);
      const asked = sendHttp(outgoing, Math.min(limit, clock.left()));
      const [answer, received] = await Promise.race([asked, stopped]).then(
        (received) => [received, answerText(received, names, isAt(outgoing.url, api))] as const,
        (trouble) => [undefined, clock.left() > 0 ? trouble.message : usedUp(limit)] as const,
      );
      exchanges.push({ sent, received });
      if (answer) return answer;
      throw new NoAnswer(received);
    },
  };
}

/** What stands in a report for the values that were registered. */
export function namesIn({ issuer, registration }: SuiteOptions): Names {
  const clients = [...(registration?.clients ?? [])].flatMap(([name, client]) => [
    [client.client_id, `{${name}}`] as const,
    ...(client.client_secret ? [[client.client_secret, `{secret of ${name}}`] as const] : []),
  ]);
  const resources = [...(registration?.resources ?? [])].map(
    ([name, uri]) => [uri, `{${name}}`] as const,
  );
  return new Map([...clients, ...resources, [issuer, '{issuer}']]);
}

/** Tells how many of so many milliseconds are left. */
function stopwatch(milliseconds: number) {
  const end = performance.now() + milliseconds;
  return { left: () => Math.max(0, end - performance.now()) };
}

const usedUp = (limit: number): string => `no answer, and the ${limit / 1000} s of a case are over`;

/** Whether a URL is of the API, whose own answers are nobody's business. */
const isAt = (url: URL, api: string): boolean => URL.parse(api)?.origin === url.origin;

function known<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`the case does not say that it uses ${name}`);
  return value;
}
