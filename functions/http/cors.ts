import { isLoopbackOrigin } from '../oauth/secure-url.ts';
import type { HttpFunction } from './http-function.ts';
import { parseHttpRequest } from './request.ts';
import type { HttpResponse } from './response.ts';

/** What the scripts of which pages may do (Fetch §3.2, the CORS protocol). */
export interface Cors {
  /** Origins (RFC 6454 §6.2) of the pages, and `loopback` for every page of the user's own computer. */
  readonly origins: readonly string[];
  readonly method: string;
  /** Headers that they may send. */
  readonly headers: readonly string[];
  /** Headers of the answer that they may read beside those that any page may. */
  readonly exposed: readonly string[];
}

/**
 * Lets the scripts of some pages read all answers of a function, refusals and failures too, and answers
 * their preflight requests. A page is named, never `*`, and no cookies are asked for. It decides nothing
 * else: a request of any other page is answered as before, and its script cannot read the answer.
 */
export function withCors(answer: HttpFunction, cors: Cors): HttpFunction {
  if (cors.origins.length === 0) return answer;
  return async (event, context) => {
    const { method, headers } = parseHttpRequest(event);
    const origin = headers.get('origin') ?? '';
    if (!mayRead(origin, cors)) return withHeaders(await answer(event, context), varying);
    if (method === 'OPTIONS') return preflight(origin, cors);
    return withHeaders(await answer(event, context), {
      ...allowing(origin),
      'Access-Control-Expose-Headers': cors.exposed.join(', '),
    });
  };
}

/** The origins in a variable of a function's environment, which cannot be empty. */
export const parseOrigins = (text: string): readonly string[] =>
  text === 'none' ? [] : text.split(' ');

const mayRead = (origin: string, { origins }: Cors): boolean =>
  origins.some((known) => (known === 'loopback' ? isLoopbackOrigin(origin) : known === origin));

// For caches on the way: another page gets another answer.
const varying = { Vary: 'Origin' } as const;
const allowing = (origin: string) => ({ ...varying, 'Access-Control-Allow-Origin': origin });

const withHeaders = (
  response: HttpResponse,
  headers: Readonly<Record<string, string>>,
): HttpResponse => ({ ...response, headers: { ...response.headers, ...headers } });

function preflight(origin: string, { method, headers }: Cors): HttpResponse {
  return {
    statusCode: 204,
    headers: {
      ...allowing(origin),
      'Access-Control-Allow-Methods': method,
      'Access-Control-Allow-Headers': headers.join(', '),
      // The longest that Chromium keeps it.
      'Access-Control-Max-Age': '7200',
    },
    body: '',
  };
}
