import { longestRevocationList, revocationListType } from '../../oauth/revocation-list.ts';
import { type Fetch, mediaTypeOf } from '../../remote/json-document.ts';
import { limitedBody } from '../../remote/limited-body.ts';

/** Where a revocation list is. */
export interface ListSource {
  readonly url: string;
  readonly fetch: Fetch;
}

/** A list as it came: nothing in it is verified. */
export interface FetchedList {
  readonly jwt: string;
  /** RFC 9110 §8.8.3; undefined: it has none. */
  readonly etag: string | undefined;
}

/**
 * Fetches a revocation list: 200 or 304 only, no redirect, and of a limited size.
 * @param etag that of the list that is known
 * @returns undefined when it is still that one
 * @throws Error when it cannot be had; the message tells why
 */
export async function fetchList(
  { url, fetch }: ListSource,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<FetchedList | undefined> {
  const done = new AbortController();
  const init = {
    redirect: 'error',
    headers: {
      accept: `application/${revocationListType}`,
      ...(etag !== undefined && { 'if-none-match': etag }),
    },
    signal: AbortSignal.any([done.signal, signal]),
  } as const;
  try {
    const response = await askAgainIfCut(() => fetch(url, init));
    return response.status === 304 && etag !== undefined ? undefined : await listIn(response);
  } finally {
    // Closes the connection if the body was not read to its end.
    done.abort();
  }
}

async function listIn(response: Response): Promise<FetchedList> {
  if (response.status !== 200) throw new Error(`the server answers ${response.status}`);
  if (mediaTypeOf(response) !== `application/${revocationListType}`) {
    throw new Error('the server answers with something that is not a revocation list');
  }
  const body = await limitedBody(response, longestRevocationList);
  // Whatever is not ASCII is no JWT.
  return { jwt: body.toString('latin1'), etag: response.headers.get('etag') ?? undefined };
}

/**
 * Asks once more where the connection was cut. One that was kept since the last list may be gone, after Lambda had
 * the instance frozen, which shows when it is used.
 */
const askAgainIfCut = (ask: () => Promise<Response>): Promise<Response> =>
  ask().catch((error: unknown) => (isCut(error) ? ask() : Promise.reject(error)));

const isCut = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  cuts.has(error.cause.code);

const cuts: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
