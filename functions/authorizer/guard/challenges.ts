import type { HttpResponse } from '../../http/response.ts';
import {
  OAuthError,
  type OAuthErrorCode,
  RetryLater,
  UseDpopNonce,
} from '../../oauth/oauth-error.ts';
import { formatScope } from '../../oauth/scope.ts';
import type { Authorizer } from '../authorize.ts';
import { challenge } from '../challenge.ts';
import type { Scheme } from '../presented-token.ts';
import { requiredScope } from '../routes.ts';

/** What a guard tells about itself; `audience` is the protection space (RFC 9110 §11.5). */
type Challenging = Pick<Authorizer, 'audience' | 'dpopAlgorithms'> & {
  readonly guidance: Guidance;
};

/** What leads a client to a token that the route takes. */
export interface Guidance {
  /** RFC 9728 §5.1. */
  readonly resource_metadata?: string;
  /** RFC 6750 §3. */
  readonly scope?: string;
}

/**
 * Says where the API's metadata are, and which scope the route needs: without that, clients ask for every
 * scope of the metadata. An API without metadata says neither.
 */
export function guidanceFor(
  routeKey: string,
  { resourceMetadata, routes }: Pick<Authorizer, 'resourceMetadata' | 'routes'>,
): Guidance {
  if (resourceMetadata === undefined) return {};
  const needed = requiredScope(routeKey, routes);
  return {
    resource_metadata: resourceMetadata,
    ...(needed && needed.size > 0 && { scope: formatScope(needed) }),
  };
}

/** RFC 6750 §3.1, RFC 9449 §7.1, §9. */
const statuses: Readonly<Partial<Record<OAuthErrorCode, 400 | 401>>> = {
  invalid_request: 400,
  invalid_token: 401,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
};

/** The answer to a request without an access token (RFC 6750 §3.1: no error code). */
export function noToken({ audience, dpopAlgorithms, guidance }: Challenging): HttpResponse {
  const algs = dpopAlgorithms.join(' ');
  const challenges = [
    challenge('Bearer', { realm: audience, ...guidance }),
    challenge('DPoP', { algs, ...guidance }),
  ];
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
  { dpopAlgorithms, guidance }: Challenging,
): string {
  const algs = dpopAlgorithms.join(' ');
  if (scheme === 'DPoP') return challenge('DPoP', { ...parameters, algs, ...guidance });
  const bearer = challenge('Bearer', { ...parameters, ...guidance });
  return `${bearer}, ${challenge('DPoP', { algs, ...guidance })}`;
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
