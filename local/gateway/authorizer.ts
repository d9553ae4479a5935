import { inTime, late } from '../io/time-limit.ts';
import type { Invocation, Invoke } from '../lambda/instance.ts';
import { authorizerEvent, type HttpEvent } from './event.ts';
import { GatewayError } from './gateway-error.ts';

/** A Lambda authorizer of an HTTP API: payload format 2.0, simple response. */
export interface AuthorizerSettings {
  /** Expressions such as `$request.header.Authorization`. */
  readonly identitySources: readonly string[];
  /** Seconds that an answer is cached; 0: not at all. */
  readonly resultTtl: number;
  readonly invoke: Invoke;
  /** NumericDate. */
  now(): number;
}

/**
 * Decides about a request, and gives the context that the authorizer adds to its event.
 * @throws GatewayError 401, 403 or 500
 */
export type Authorizer = (event: HttpEvent) => Promise<object>;

interface Answer {
  readonly isAuthorized: boolean;
  readonly context: object;
}

/**
 * Makes the authorizer. Its function is called only when each identity source has a value (else
 * 401). Its answer is cached for all requests with the same values, whatever their route. Failures
 * are not cached.
 * @throws Error for an identity source that is not known here
 */
export function createAuthorizer(settings: AuthorizerSettings): Authorizer {
  const sources = settings.identitySources.map(identitySource);
  const cached = new Map<string, { answer: Answer; at: number }>();
  const isCaching = settings.resultTtl > 0 && sources.length > 0;

  const ask = async (event: HttpEvent, identity: readonly string[]): Promise<Answer> => {
    const key = JSON.stringify(identity);
    const known = cached.get(key);
    const age = settings.now() - (known?.at ?? 0);
    // A negative age: the clock was put back, which must not prolong the cache.
    if (isCaching && known && age >= 0 && age < settings.resultTtl) return known.answer;
    const answer = parseAnswer(await call(settings, event, identity));
    if (isCaching) cached.set(key, { answer, at: settings.now() });
    return answer;
  };
  return async (event) => {
    const identity = sources.map((source) => source(event) ?? '');
    if (identity.includes('')) throw new GatewayError(401);
    const { isAuthorized, context } = await ask(event, identity);
    if (!isAuthorized) throw new GatewayError(403);
    return context;
  };
}

/** Seconds that an HTTP API waits for an authorizer. */
const authorizerTimeout = 10;

async function call(
  { invoke }: AuthorizerSettings,
  event: HttpEvent,
  identity: readonly string[],
): Promise<Invocation> {
  const invocation = await inTime(authorizerTimeout, invoke(authorizerEvent(event, identity)));
  if (invocation === late) throw new GatewayError(500, { cause: 'the authorizer timed out' });
  return invocation;
}

function identitySource(expression: string): (event: HttpEvent) => string | undefined {
  const [, from, name = ''] =
    /^\$(request\.header|request\.querystring|context)\.(.+)$/.exec(expression) ?? [];
  if (from === 'request.header') return (event) => event.headers[name.toLowerCase()];
  if (from === 'request.querystring') return (event) => event.queryStringParameters?.[name];
  const context = from === 'context' ? contextVariables[name] : undefined;
  if (context) return context;
  throw new Error(`the local stack does not know the identity source ${expression}`);
}

const contextVariables: Readonly<Record<string, ((event: HttpEvent) => string) | undefined>> = {
  httpMethod: ({ requestContext }) => requestContext.http.method,
  path: ({ requestContext }) => requestContext.http.path,
  routeKey: ({ routeKey }) => routeKey,
};

/** Only a boolean decides. Anything else is a failure of the authorizer, never a yes. */
function parseAnswer(invocation: Invocation): Answer {
  if (!('payload' in invocation)) {
    const { errorMessage } = invocation;
    throw new GatewayError(errorMessage === 'Unauthorized' ? 401 : 500, { cause: errorMessage });
  }
  const { isAuthorized, context } = {
    ...(invocation.payload as Readonly<Record<string, unknown>>),
  };
  if (typeof isAuthorized !== 'boolean') {
    throw new GatewayError(500, { cause: 'isAuthorized is not a boolean' });
  }
  return { isAuthorized, context: { ...(typeof context === 'object' ? context : {}) } };
}
