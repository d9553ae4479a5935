import { createHash } from 'node:crypto';
import type { HttpRequest } from './request.ts';
import type { HttpResponse } from './response.ts';

// The documents are public: scripts of any origin may read them.
const cors = { 'Access-Control-Allow-Origin': '*' } as const;

const allowed = 'GET, HEAD, OPTIONS';

/**
 * Answers with a JSON document, or 304 where the caller has it already (RFC 9110 §13.1.2).
 * @param maxAge seconds that it may be served from a cache
 */
export function documentResponse(
  http: Pick<HttpRequest, 'method' | 'headers'>,
  document: object,
  maxAge: number,
): HttpResponse {
  const body = JSON.stringify(document);
  const ETag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = {
    ...cors,
    'Content-Type': 'application/json',
    'Cache-Control': `public, max-age=${maxAge}`,
    ETag,
  };
  if (knows(http, ETag)) return { statusCode: 304, headers, body: '' };
  return { statusCode: 200, headers, body: http.method === 'HEAD' ? '' : body };
}

/** Answers a preflight request of a browser (Fetch §3.2). */
export function preflight(): HttpResponse {
  const headers = {
    ...cors,
    'Access-Control-Allow-Methods': allowed,
    'Access-Control-Allow-Headers': '*',
    'Access-Control-Max-Age': '86400',
  };
  return { statusCode: 204, headers, body: '' };
}

/** Answers a method that reads no document (RFC 9110 §15.5.6). */
export const methodNotAllowed = (): HttpResponse =>
  problem(405, 'method_not_allowed', {}, { Allow: allowed });

/** An error in the same form, which pages may read too. */
export function problem(
  statusCode: number,
  error: string,
  details: { readonly error_description?: string } = {},
  more: Readonly<Record<string, string>> = {},
): HttpResponse {
  const headers = { ...cors, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  const body = JSON.stringify({ error, ...details });
  return { statusCode, headers: { ...headers, ...more }, body };
}

// RFC 9110 §13.1.2: weak comparison, and `*` for whatever there is.
function knows(http: Pick<HttpRequest, 'headers'>, etag: string): boolean {
  const known = (http.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim());
  return known.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag);
}
