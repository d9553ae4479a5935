import type { HttpResponse } from '../http/response.ts';
import { OAuthError, type OAuthErrorCode, RetryLater, UseDpopNonce } from '../oauth/oauth-error.ts';
import type { SignedAccessToken } from './signature.ts';

/** RFC 6749 §5.1: nothing from this endpoint may be cached. */
const headers = {
  'Content-Type': 'application/json;charset=UTF-8',
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
} as const;

/**
 * The successful response (RFC 6749 §5.1). `token_type` is the scheme for using the token: DPoP if it is
 * bound to a key (RFC 9449 §5), else Bearer, also if it is bound to a certificate (RFC 8705 §3).
 * @param asked_at NumericDate from which `expires_in` counts; a reused token was issued before it
 * @param nonce for the client's next DPoP proof (RFC 9449 §8.2)
 */
export function success(
  { access_token, claims: { scope, exp, cnf } }: SignedAccessToken,
  asked_at: number,
  nonce: string | undefined,
): HttpResponse {
  const token_type = cnf?.jkt === undefined ? 'Bearer' : 'DPoP';
  const body = { access_token, token_type, expires_in: exp - asked_at, scope };
  return {
    statusCode: 200,
    headers: { ...headers, ...nonceHeader(nonce) },
    body: JSON.stringify(body),
  };
}

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
const nonceHeader = (nonce: string | undefined): Readonly<Record<string, string>> =>
  nonce === undefined ? {} : { 'DPoP-Nonce': nonce };

function errorResponse(
  statusCode: number,
  error: OAuthErrorCode | 'server_error',
  error_description: string,
  more: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    statusCode,
    headers: { ...headers, ...more },
    body: JSON.stringify({ error, error_description }),
  };
}
