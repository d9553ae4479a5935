import type { LookupAddress } from 'node:dns';
import { get as getByHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as getByHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { isLoopback } from '../oauth/secure-url.ts';
import { ForbiddenUrl } from './forbidden-url.ts';
import type { Fetch } from './json-document.ts';
import { isPublicAddress } from './public-address.ts';

/** Resolves a host name to all of its addresses. */
type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** What differs between a deployment and the local stack. */
export interface GuardedFetchProps {
  /** Whether this computer may be asked, and by plain HTTP: true for the local stack alone. */
  readonly mayBeLocal: boolean;
  /** @default the system's resolver */
  readonly resolve?: Resolve;
}

/**
 * Makes a fetch for URLs that others chose: by https alone, and only of the public internet. The
 * address is checked after the name was resolved, and is the one that is connected to, so that a
 * name cannot lead elsewhere in between. One address that is not public is enough to refuse the
 * name. Redirects are not followed. An authority of one's own counts for this one request. What is not asked fails as a ForbiddenUrl.
 */
export function guardedFetch({ mayBeLocal, resolve = resolveAll }: GuardedFetchProps): Fetch {
  const check = (address: string): void => {
    if (isPublicAddress(address) || (mayBeLocal && isLoopbackAddress(address))) return;
    throw new ForbiddenUrl('the address is not one of the public internet');
  };
  return async (address, { headers, signal, ca }) => {
    const url = URL.parse(address);
    const isPlain = mayBeLocal && url?.protocol === 'http:' && isLoopback(url);
    if (url === null || !(url.protocol === 'https:' || isPlain))
      throw new ForbiddenUrl('the URL is not an https one');
    // A host that is an address is not looked up.
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) check(host);
    const get = isPlain ? getByHttp : getByHttps;
    const lookup = checkedLookup(resolve, check);
    // With autoSelectFamily the lookup is always asked for all addresses.
    const options = { headers, signal, ca, lookup, autoSelectFamily: true, agent: false };
    return response(await answer(get, url, options));
  };
}

// Imported at the first use: most instances fetch nothing, and it takes 3 % of a cold start.
const resolveAll: Resolve = async (hostname) =>
  (await import('node:dns/promises')).lookup(hostname, { all: true });

const isLoopbackAddress = (address: string): boolean => /^(127\.|::1$)/.test(address);

function checkedLookup(resolve: Resolve, check: (address: string) => void): LookupFunction {
  const checked = async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname);
    if (addresses.length === 0) throw new Error('the name has no address');
    for (const { address } of addresses) check(address);
    return [...addresses];
  };
  return (hostname, _options, done) => {
    checked(hostname).then(
      (addresses) => done(null, addresses),
      (error) => done(error, []),
    );
  };
}

type Get = (
  url: URL,
  options: RequestOptions,
  done: (incoming: IncomingMessage) => void,
) => { on(event: 'error' | 'close', listener: (error: Error) => void): unknown };

const answer = (get: Get, url: URL, options: RequestOptions): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = get(url, options, resolve);
    request.on('error', reject);
    // An answer of 101 (Switching Protocols) ends without an error: there is no other event.
    request.on('close', () => reject(new Error('the server hangs up')));
  });

function response(incoming: IncomingMessage): Response {
  const status = Number(incoming.statusCode);
  if (status === 200) {
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
    return new Response(body, { headers: Object.fromEntries(headers) });
  }
  // Nothing else is read: a redirect leads nowhere, and an error page tells nothing.
  incoming.destroy();
  return new Response(null, { status });
}
