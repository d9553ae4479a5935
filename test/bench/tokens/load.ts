import autocannon from 'autocannon';
import { tokenRequest } from './checked-token.ts';
import type { TokenWork } from './work.ts';

/** How hard a server is pressed. */
export interface Pressure {
  /** Each is kept alive, and has one request under way all the time. */
  readonly connections: number;
  readonly requests: number;
}

/**
 * Sends so many token requests.
 * @returns seconds until the last answer
 * @throws Error when an answer is missing, or is not a token
 */
export async function load(
  url: string,
  work: TokenWork,
  { connections, requests: amount }: Pressure,
): Promise<number> {
  const isToken = (body: unknown) => String(body).includes('"access_token":"ey');
  // The first failure ends it: a server that is gone would be called for ever.
  const options = { url, connections, amount, verifyBody: isToken, sampleInt: 20, bailout: 1 };
  const start = performance.now();
  let last = start;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon({ ...options, ...tokenRequest(work) }, (error, result) =>
      error ? reject(error) : resolve(result),
    );
    running.on('response', () => {
      last = performance.now();
    });
  });
  const { '2xx': good, non2xx, errors, mismatches } = result;
  if (good !== amount || non2xx + errors + mismatches > 0) {
    throw new Error(
      `of ${amount} requests ${good} succeeded; ${non2xx} were refused, ${errors} failed, ${mismatches} gave no token`,
    );
  }
  return (last - start) / 1000;
}
