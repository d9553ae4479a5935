import middy from '@middy/core';
import { env } from '../../aws/env.ts';
import { boundTokenAuthorizer } from '../bound-token-wiring.ts';
import { type GuardEnvironment, guardVariable, routesFolder } from './environment.ts';
import { createGuard, type GuardMiddleware } from './guard.ts';

/** The handler of an HTTP API's function (payload 2.0), as the API's owner writes it. */
type ApiHandler<Event, Response> = (event: Event, context: unknown) => Promise<Response>;

/**
 * The guard as a middleware of middy, with the environment that the construct `AccessTokenGuard` gives the
 * function. Use it first: what stands before it sees requests that nobody has authorized. What answers by
 * itself behind it, from its `before`, sends no DPoP nonce: middy then calls no middleware any more.
 * @throws Error at the cold start when a variable is missing: the function has no AccessTokenGuard
 * @example
 * import middy from '@middy/core';
 *
 * export const handler = middy(async (event) => ({
 *   statusCode: 200,
 *   body: `Hello, ${event.requestContext.authorizer.lambda.client_id}`,
 * })).use(accessTokenGuard());
 */
export const accessTokenGuard = (): GuardMiddleware =>
  createGuard({
    ...boundTokenAuthorizer(
      'guard',
      (name) => env<GuardEnvironment>(guardVariable(name)),
      routesFolder,
    ),
    apiIds: new Set(env<GuardEnvironment>('COUNTERSIGN_API_IDS').split(' ')),
  });

/**
 * The guard around a handler, for a function without other middlewares.
 * @throws Error at the cold start when a variable is missing: the function has no AccessTokenGuard
 * @example
 * export const handler = guard(async (event) => ({ statusCode: 200, body: 'Hello' }));
 */
export function guard<Event, Response>(
  handler: ApiHandler<Event, Response>,
): ApiHandler<Event, Response> {
  // No early timeout: the handler keeps all of its time.
  const guarded = middy({ timeoutEarlyInMillis: 0 }).use(accessTokenGuard());
  // The casts: the handler's types are the owner's own, and middy's would need Lambda's in their place.
  return guarded.handler(handler as never) as unknown as ApiHandler<Event, Response>;
}
