import type { HttpResponse } from '../../http/response.ts';
import {
  OAuthError,
  type OAuthErrorCode,
  RetryLater,
  UseDpopNonce,
} from '../../oauth/oauth-error.ts';
import type { Authorizer } from '../authorize.ts';
import { challenge } from '../challenge.ts';
import type { Scheme } from '../presented-token.ts';

/** What a guard tells about itself; `audience` is the protection space (RFC 9110 §11.5). */
type Challenging = Pick<Authorizer, 'audience' | 'dpopAlgorithms'>;

/** RFC 6750 §3.1, RFC 9449 §7.1, §9. */
const statuses: Readonly<Partial<Record<OAuthErrorCode, 400 | 401>>> = {
  invalid_request: 400,
  invalid_token: 401,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
};

/** The answer to a request without an access token (RFC 6750 §3.1: no error code). */
export function noToken({ audience, dpopAlgorithms }: Challenging): HttpResponse {
  const algs = dpopAlgorithms.join(' ');
  const challenges = [challenge('Bearer', { realm: audience }), challenge('DPoP', { algs })];
  return response(401, { 'WWW-Authenticate': challenges.join(', ') });
}

/**
 * The answer to a request that is refused (RFC 6750 §3.1, RFC 9449 §7.1, §9), or that cannot be decided now.
 * @param scheme under which the token was shown
 */
export function failure(error: unknown, scheme: Scheme, challenging: Challenging): HttpResponse {
  if (error instanceof RetryLater) {
    return response(error.status, { 'Retry-After': String(error.retryAfter) });
  }
  const status = error instanceof OAuthError ? statuses[error.code] : undefined;
  if (!(error instanceof OAuthError) || status === undefined) return response(500, {});
  const { code, message } = error;
  return response(status, {
    'WWW-Authenticate': errorChallenge(
      { error: code, error_description: message },
      scheme,
      challenging,
    ),
    ...(error instanceof UseDpopNonce && { 'DPoP-Nonce': error.nonce }),
  });
}

/** Under DPoP one challenge alone, since clients look for the nonce in it; under Bearer both schemes. */
function errorChallenge(
  parameters: Readonly<Record<string, string>>,
  scheme: Scheme,
  { dpopAlgorithms }: Challenging,
): string {
  const algs = dpopAlgorithms.join(' ');
  if (scheme === 'DPoP') return challenge('DPoP', { ...parameters, algs });
  return `${challenge('Bearer', parameters)}, ${challenge('DPoP', { algs })}`;
}

/** The answer to a token that may not call the route (RFC 6750 §3.1), and to what no token would help. */
export const forbidden = (wwwAuthenticate?: string): HttpResponse =>
  response(403, wwwAuthenticate === undefined ? {} : { 'WWW-Authenticate': wwwAuthenticate });

const messages: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  503: 'Service Unavailable',
};

function response(statusCode: number, headers: Readonly<Record<string, string>>): HttpResponse {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({ message: messages[statusCode] ?? 'Internal Server Error' }),
  };
}
