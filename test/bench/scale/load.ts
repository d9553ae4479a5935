import autocannon from 'autocannon';

/** What is sent, how often, and over how many connections at once. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly requests: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What is special about each request. */
  readonly each: () => Pick<autocannon.Request, 'headers' | 'body'>;
}

/** What a load has measured. */
export interface LoadFigures {
  /** Percentiles of the milliseconds from a request to its answer. */
  readonly p50: number;
  readonly p99: number;
  /** Answers a second. */
  readonly rate: number;
}

/**
 * Sends requests, each connection one after the other.
 * @throws Error when one is answered with anything but success, or not at all
 */
export async function send(load: Load): Promise<LoadFigures> {
  const latencies: number[] = [];
  const start = performance.now();
  let end = start;
  const { errors, timeouts, non2xx } = await fire(load, (latency) => {
    latencies.push(latency);
    end = performance.now();
  });
  const missing = load.requests - latencies.length;
  if (errors + timeouts + non2xx + missing > 0) {
    throw new Error(
      `of ${load.requests} requests ${non2xx} were refused, ${errors} failed, ${timeouts} of them by ` +
        `taking too long, and ${missing} got no answer`,
    );
  }
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return { p50, p99, rate: (load.requests * 1000) / (end - start) };
}

function fire(
  { url, connections, requests, headers, each }: Load,
  answered: (latency: number) => void,
): Promise<autocannon.Result> {
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const setupRequest = (request: autocannon.Request) => {
    const special = each();
    return { ...request, ...special, headers: { ...headers, ...special.headers } };
  };
  const options: autocannon.Options = {
    url,
    method: 'POST',
    connections,
    amount: requests,
    timeout: 30,
    sampleInt: 50,
    requests: [{ setupRequest }],
  };
  const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
  run.on('response', (_client, _statusCode, _bytes, latency) => answered(latency));
  return promise;
}

/** The percentile of some values (nearest rank); `part` is 0.5 for the median. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
}
