import type { HttpResponse } from '../http/response.ts';
import { OAuthError, type OAuthErrorCode, RetryLater, UseDpopNonce } from '../oauth/oauth-error.ts';

/** RFC 6749 §5.1: nothing from these endpoints may be cached. */
export const uncached = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;

/** The headers of an answer in JSON. */
export const uncachedJson = { 'Content-Type': 'application/json;charset=UTF-8', ...uncached };

/** What a failed client authentication is answered with a challenge by. */
export interface Challenging {
  /** Names the protection space of the challenge (RFC 7617 §2). */
  readonly issuer: string;
  /** Whether the request has an Authorization header, of whatever scheme. */
  readonly hasAuthorization: boolean;
}

/** The response to any error: a refusal (RFC 6749 §5.2), or a 500 that says nothing. */
export function failure(error: unknown, challenging: Challenging): HttpResponse {
  if (!(error instanceof OAuthError))
    return errorResponse(500, 'server_error', 'the request failed');
  const { statusCode, more } = statusOf(error, challenging);
  return errorResponse(statusCode, error.code, error.message, more);
}

/** RFC 6749 §3.2: the client MUST use POST. */
export function methodNotAllowed(): HttpResponse {
  return errorResponse(405, 'invalid_request', 'the method must be POST', { Allow: 'POST' });
}

/** The same response with a nonce for the client's next DPoP proof (RFC 9449 §8.2); undefined: it needs none. */
export const withNonce = (response: HttpResponse, nonce: string | undefined): HttpResponse =>
  nonce === undefined
    ? response
    : { ...response, headers: { ...response.headers, ...nonceHeader(nonce) } };

function statusOf(
  error: OAuthError,
  { issuer, hasAuthorization }: Challenging,
): { statusCode: number; more?: Readonly<Record<string, string>> } {
  if (error instanceof RetryLater) {
    return { statusCode: error.status, more: { 'Retry-After': String(error.retryAfter) } };
  }
  if (error instanceof UseDpopNonce) return { statusCode: 400, more: nonceHeader(error.nonce) };
  // RFC 6749 §5.2. Basic is the one scheme that is of use here, whichever was tried (RFC 9110 §11.6.1). Without the
  // header 400: a 401 needs a challenge, which libraries show in place of the error.
  if (error.code === 'invalid_client' && hasAuthorization) {
    return {
      statusCode: 401,
      more: { 'WWW-Authenticate': `Basic realm="${issuer}", charset="UTF-8"` },
    };
  }
  return { statusCode: 400 };
}

/** RFC 9449 §8 */
const nonceHeader = (nonce: string): Readonly<Record<string, string>> => ({ 'DPoP-Nonce': nonce });

function errorResponse(
  statusCode: number,
  error: OAuthErrorCode | 'server_error',
  error_description: string,
  more: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    statusCode,
    headers: { ...uncachedJson, ...more },
    body: JSON.stringify({ error, error_description }),
  };
}
