import { setTimeout as delay } from 'node:timers/promises';
import { basic } from '../../support/http-api-event.ts';

/** What consumers work with. */
interface Consuming {
  readonly tokenEndpoint: string;
  readonly client_id: string;
  /** Reads the secret that is handed out now. */
  readonly current: () => Promise<string>;
}

/** What consumers have met since this was asked last. */
export interface Met extends Readonly<Record<'requests' | 'refused' | 'time', number>> {}

/** Milliseconds from one request of a consumer to the next. */
const pace = 50;

/**
 * Starts consumers that cache the secret for so many seconds each, and ask for a token twenty times a second, until
 * they are disposed of.
 */
export function startConsumers(consuming: Consuming, cached: readonly number[]) {
  const stopping = new AbortController();
  const met = { refused: 0, times: [] as number[] };
  const consume = async (seconds: number): Promise<void> => {
    let [secret, until] = ['', 0];
    while (!stopping.signal.aborted) {
      if (Date.now() >= until) {
        secret = await consuming.current();
        until = Date.now() + seconds * 1000;
      }
      const begun = performance.now();
      if ((await statusOf(consuming, secret)) !== 200) met.refused += 1;
      met.times.push(performance.now() - begun);
      await delay(pace);
    }
  };
  const all = Promise.all(cached.map(consume));
  return {
    /** Lets them work while something goes on, and tells what they have met. */
    async during(going: Promise<unknown>): Promise<Met> {
      Object.assign(met, { refused: 0, times: [] });
      await going;
      const sorted = met.times.toSorted((a, b) => a - b);
      const time = sorted[sorted.length >> 1] ?? Number.NaN;
      return { requests: sorted.length, refused: met.refused, time };
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await all;
    },
  };
}

async function statusOf({ tokenEndpoint, client_id }: Consuming, secret: string): Promise<number> {
  const response = await fetch(tokenEndpoint, {
    method: 'POST',
    headers: { authorization: basic(client_id, secret) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  await response.arrayBuffer();
  return response.status;
}
