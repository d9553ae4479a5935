import {
  headerValues,
  isInQuery,
  type Members,
  membersOf,
  textOf,
} from '../../http/event-members.ts';
import type { HttpResponse } from '../../http/response.ts';
import { OAuthError } from '../../oauth/oauth-error.ts';
import { type Authorized, type Authorizer, authorize } from '../authorize.ts';
import { insufficientScope } from '../challenge.ts';
import { accessDecision, type Decide } from '../decision.ts';
import { presentsToken, type Scheme } from '../presented-token.ts';
import { type HttpApiRequest, parseHttpApiRequest } from '../request.ts';
import { authorizerContext } from '../response.ts';
import { failure, forbidden, guidanceFor, noToken } from './challenges.ts';
import type { GuardedRequest, GuardMiddleware } from './guard-middleware.ts';
import { withNonce } from './nonce-header.ts';

/** What a guard needs. */
export interface Guard extends Authorizer {
  /** The HTTP APIs whose events it takes. */
  readonly apiIds: ReadonlySet<string>;
}

/** What comes of a request: the event for the handler, and the nonce for its response; or a refusal. */
type Outcome =
  | { readonly event: Members; readonly nonce: string | undefined }
  | { readonly refusal: HttpResponse };

/**
 * Makes a middleware that guards the handler of an HTTP API's function. It lets in whom the authorizer
 * would let in, tells the handler the same in `requestContext.authorizer.lambda`, and answers all others
 * itself, with the challenges that API Gateway cannot send for an authorizer (RFC 6750 §3, RFC 9449 §7.1,
 * §9).
 */
export function createGuard(guard: Guard): GuardMiddleware {
  const decide = accessDecision(guard);
  return {
    async before(request) {
      const outcome = await outcomeOf(request.event, decide, guard);
      if ('refusal' in outcome) return outcome.refusal;
      request.event = outcome.event;
      Object.assign(request.internal, { [nonceOf]: outcome.nonce });
      return undefined;
    },
    after: addNonce,
    onError: addNonce,
  };
}

/** Where the nonce waits for the response, apart from what other middlewares keep there. */
const nonceOf = Symbol('DPoP nonce');

const addNonce = (request: GuardedRequest): void => {
  const internal: { [nonceOf]?: string } = request.internal;
  request.response = withNonce(request.response, internal[nonceOf]);
};

async function outcomeOf(event: unknown, decide: Decide, guard: Guard): Promise<Outcome> {
  const members = membersOf(event);
  const shell = {
    parse: () => parseGuardedRequest(members, guard.apiIds),
    decide,
    respond: allowedIn(members, guard),
  };
  try {
    return await authorize(event, shell, guard);
  } catch (error) {
    if (error instanceof ForeignEvent) return { refusal: forbidden() };
    const authorization = headerValues(members, 'authorization');
    const isWithout =
      error instanceof OAuthError &&
      !presentsToken(authorization, isInQuery(members, 'access_token'));
    const [value] = authorization;
    const guidance = guidanceFor(textOf(members.routeKey) ?? '', guard);
    const challenging = { ...guard, guidance };
    return {
      refusal: isWithout ? noToken(challenging) : failure(error, schemeOf(value), challenging),
    };
  }
}

const allowedIn =
  (event: Members, { resourceMetadata }: Guard) =>
  ({ request, token, confirmed, decision }: Authorized<HttpApiRequest>): Outcome =>
    decision.outcome === 'allowed'
      ? { event: told(event, authorizerContext(token, confirmed)), nonce: confirmed.nonce }
      : {
          refusal: forbidden(insufficientScope(decision.needed, request.scheme, resourceMetadata)),
        };

/** The refusal of an event that none of the APIs has sent. No token would help, so there is no challenge. */
class ForeignEvent extends OAuthError {
  override readonly name = 'ForeignEvent';

  constructor(cause: string) {
    super('invalid_request', 'the request cannot be authorized', { cause });
  }
}

/**
 * Reads the event of an API that the guard knows. A function URL sends events of the same form, for every
 * path under the route key `$default`. In other formats some headers are elsewhere, where they would be
 * overlooked.
 */
function parseGuardedRequest(event: Members, apiIds: ReadonlySet<string>): HttpApiRequest {
  const apiId = textOf(membersOf(event.requestContext).apiId);
  if (apiId === undefined || !apiIds.has(apiId)) {
    throw new ForeignEvent('the event is of none of the APIs that the guard was given');
  }
  if (event.version === '2.0') return parseHttpApiRequest(event);
  throw new ForeignEvent('the event is not in payload format 2.0');
}

const schemeOf = (authorization: unknown): Scheme =>
  /^DPoP /i.test(textOf(authorization) ?? '') ? 'DPoP' : 'Bearer';

/** Replaces what an authorizer in front, or the client, may have said. */
function told(event: Members, lambda: Readonly<Record<string, string>>): Members {
  const requestContext = { ...membersOf(event.requestContext), authorizer: { lambda } };
  return { ...event, requestContext };
}
