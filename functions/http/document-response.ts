import { createHash } from 'node:crypto';
import { OAuthError } from '../oauth/oauth-error.ts';
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
  const etag = entityTag(body);
  return representationResponse(http, { type: 'application/json', body, etag, maxAge });
}

/** What is published at a URL now. */
export interface Representation {
  /** Its media type. */
  readonly type: string;
  readonly body: string;
  /** Tells whether it is the one that the caller has. */
  readonly etag: string;
  /** Seconds that it may be served from a cache. */
  readonly maxAge: number;
}

/** Answers with what is published, or 304 where the caller has it already (RFC 9110 §13.1.2). */
export function representationResponse(
  http: Pick<HttpRequest, 'method' | 'headers'>,
  { type, body, etag, maxAge }: Representation,
): HttpResponse {
  const headers = {
    ...cors,
    'Content-Type': type,
    'Cache-Control': `public, max-age=${maxAge}`,
    ETag: etag,
  };
  if (knows(http, etag)) return { statusCode: 304, headers, body: '' };
  return { statusCode: 200, headers, body: http.method === 'HEAD' ? '' : body };
}

/** The tag of what has this content (RFC 9110 §8.8.3). */
export const entityTag = (content: string): string =>
  `"${createHash('sha256').update(content).digest('base64url')}"`;

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

/** Answers an unknown path. */
export const notFound = (): HttpResponse => problem(404, 'not_found');

/** The response to any error: 503 where something cannot be had now, else a 500 that says nothing. */
export function failure(error: unknown): HttpResponse {
  if (!(error instanceof OAuthError)) return problem(500, 'server_error');
  return problem(503, error.code, {}, { 'Retry-After': '2' });
}

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
