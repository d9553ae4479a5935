import middy from '@middy/core';
import { env } from '../../aws/env.ts';
import { boundTokenAuthorizer } from '../bound-token-wiring.ts';
import {
  type GuardEnvironment,
  type GuardVariables,
  guardVariable,
  routesFolder,
} from './environment.ts';
import { createGuard } from './guard.ts';
import type { GuardMiddleware } from './guard-middleware.ts';
import type { GuardedEvent } from './guarded-event.ts';

export type { GuardedRequest, GuardMiddleware } from './guard-middleware.ts';
export type { AccessTokenContext, GuardedEvent } from './guarded-event.ts';

/**
 * The guard as a middleware of middy, of any version from 4 to 7, with the environment that the construct
 * `AccessTokenGuard` gives the function. Use it first: what stands before it sees requests that nobody has
 * authorized. What answers by itself behind it, from its `before`, sends no DPoP nonce: middy then calls no
 * middleware any more.
 * @throws Error at the cold start, one sentence, when a variable is missing: the function has no AccessTokenGuard
 * @example
 * import { accessTokenGuard } from 'countersign/guard';
 * import middy from '@middy/core';
 *
 * export const handler = middy(async (event) => ({
 *   statusCode: 200,
 *   body: `Hello, ${event.requestContext.authorizer.lambda.client_id}`,
 * })).use(accessTokenGuard());
 */
export function accessTokenGuard(): GuardMiddleware {
  // First, for no variable of Lambda's says what is wrong with a function that has no guard.
  const apiIds = new Set(variable('API_IDS').split(' '));
  return createGuard({ ...boundTokenAuthorizer('guard', variable, routesFolder), apiIds });
}

/**
 * The guard around a handler, for a function without other middlewares.
 * @throws Error at the cold start, one sentence, when a variable is missing: the function has no AccessTokenGuard
 * @example
 * import { guard } from 'countersign/guard';
 *
 * export const handler = guard(async (event) => ({
 *   statusCode: 200,
 *   body: `Hello, ${event.requestContext.authorizer.lambda.client_id}`,
 * }));
 */
export function guard<Event = GuardedEvent, Context = unknown, Result = unknown>(
  handler: (event: Event, context: Context, last: never) => Result,
): (event: Event, context?: Context) => Promise<Awaited<Result>> {
  // No early timeout: the handler keeps all of its time.
  const guarded = middy({ timeoutEarlyInMillis: 0 }).use(accessTokenGuard());
  // The casts: the handler's types are the owner's own, and middy's would need Lambda's in their place.
  return guarded.handler(handler as never) as unknown as ReturnType<
    typeof guard<Event, Context, Result>
  >;
}

/** @throws Error, one sentence, when it is missing or empty */
function variable(name: keyof GuardVariables): string {
  try {
    return env<GuardEnvironment>(guardVariable(name));
  } catch (error) {
    throw new Error(
      `${error instanceof Error ? error.message : error}: the function has no AccessTokenGuard`,
    );
  }
}
