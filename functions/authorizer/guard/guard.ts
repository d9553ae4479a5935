import { headerValues, type Members, queryNames, record } from '../../http/event-members.ts';
import type { HttpResponse } from '../../http/response.ts';
import { OAuthError } from '../../oauth/oauth-error.ts';
import { verifyAccessToken } from '../access-token.ts';
import { decisionEntry, refusalEntry, tokenEntry } from '../audit-entry.ts';
import { insufficientScope } from '../challenge.ts';
import { decideAccess } from '../decision.ts';
import type { Authorizer } from '../handler.ts';
import { presentsToken, type Scheme } from '../presented-token.ts';
import { parseHttpApiRequest, requestTrace } from '../request.ts';
import { authorizerContext } from '../response.ts';
import { failure, forbidden, noToken } from './challenges.ts';

/** A function of an HTTP API (payload 2.0), as the API's owner writes it. */
export type ApiHandler<Event, Response> = (event: Event, context: unknown) => Promise<Response>;

/** What came out: the event for the handler, and the nonce for its response; or a refusal. */
type Outcome =
  | { readonly event: Members; readonly nonce: string | undefined }
  | { readonly refusal: HttpResponse };

/**
 * Puts a guard before the handler of an HTTP API's function. It lets in whom the authorizer would let
 * in, tells the handler the same in `requestContext.authorizer.lambda`, and answers all others itself,
 * with the challenges that API Gateway cannot send for an authorizer (RFC 6750 §3, RFC 9449 §7.1, §9).
 */
export function createGuard<Event, Response extends object>(
  guard: Authorizer,
  handler: ApiHandler<Event, Response>,
) {
  return async (event: unknown, context?: unknown): Promise<Response | HttpResponse> => {
    const outcome = await decide(guard, record(event));
    if ('refusal' in outcome) return outcome.refusal;
    // What API Gateway sends has the type that the handler knows it by.
    return withNonce(await handler(outcome.event as Event, context), outcome.nonce);
  };
}

async function decide(guard: Authorizer, event: Members): Promise<Outcome> {
  // The audit line; it grows as the request is understood.
  const trail = { ...requestTrace(event) };
  try {
    checkFormat(event);
    const request = parseHttpApiRequest(event);
    const token = await verifyAccessToken(request.access_token, guard);
    Object.assign(trail, tokenEntry(token));
    const confirmed = await guard.confirm(token, request);
    const decision = decideAccess(request.route, token.scope, guard.routes);
    guard.audit({ ...trail, ...decisionEntry(decision) });
    if (decision.outcome !== 'allowed') {
      return { refusal: forbidden(insufficientScope(decision.needed, request.scheme)) };
    }
    return { event: told(event, authorizerContext(token, confirmed)), nonce: confirmed.nonce };
  } catch (error) {
    guard.audit({ ...trail, ...refusalEntry(error) });
    const authorization = headerValues(event, 'authorization');
    const isWithout =
      error instanceof OAuthError && !presentsToken(authorization, queryNames(event));
    const [value] = authorization;
    return { refusal: isWithout ? noToken(guard) : failure(error, schemeOf(value), guard) };
  }
}

/** Another format has its headers elsewhere, in part. */
function checkFormat({ version }: Members): void {
  if (version === '2.0') return;
  throw new Error('the event is not one of an HTTP API in payload format 2.0');
}

const schemeOf = (authorization: unknown): Scheme =>
  /^DPoP /i.test(String(authorization)) ? 'DPoP' : 'Bearer';

/** What an authorizer in front may have said, or the client, is replaced. */
function told(event: Members, lambda: Readonly<Record<string, string>>): Members {
  const requestContext = { ...record(event.requestContext), authorizer: { lambda } };
  return { ...event, requestContext };
}

/**
 * RFC 9449 §8.2: whoever is told a nonce keeps the response to himself. A response without a status code
 * is a body, to which API Gateway adds the rest.
 */
function withNonce<Response extends object>(
  response: Response,
  nonce: string | undefined,
): Response {
  if (nonce === undefined || !('statusCode' in response)) return response;
  const headers = Object.entries('headers' in response ? record(response.headers) : {});
  const isNamed = (wanted: string) => (header: readonly [string, unknown]) =>
    header[0].toLowerCase() === wanted;
  const others = headers.filter((header) => !isNamed('dpop-nonce')(header));
  const saysWhoKeepsIt = headers.some(isNamed('cache-control'));
  return {
    ...response,
    headers: {
      ...Object.fromEntries(others),
      ...(!saysWhoKeepsIt && { 'Cache-Control': 'no-store' }),
      'DPoP-Nonce': nonce,
    },
  };
}
