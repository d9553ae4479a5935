import type { RequestListener } from 'node:http';
import { type Authorizer, createAuthorizer } from '../gateway/authorizer.ts';
import { httpApiListener } from '../gateway/http-api.ts';
import { createThrottle } from '../gateway/throttle.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { Invoke } from '../lambda/instance.ts';
import {
  type AuthorizerDefinition,
  httpApisOf,
  type RouteDefinition,
  type Target,
} from '../template/http-apis.ts';
import { type Permissions, permissionsOf } from '../template/permissions.ts';
import type { Resolver } from '../template/resolver.ts';
import type { StackTemplate } from '../template/stack-template.ts';

/** The functions that an API may call, its clock and its log. */
export interface ApiSurroundings {
  /** By ARN. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** NumericDate. */
  now(): number;
  log(line: string): void;
}

interface Wiring extends ApiSurroundings {
  readonly permissions: Permissions;
}

/**
 * Makes what answers for the HTTP API of a stack.
 * @throws Error when the stack has not exactly one
 */
export function deployedApi(
  stack: StackTemplate,
  resolve: Resolver,
  surroundings: ApiSurroundings,
): RequestListener {
  const [api, ...others] = httpApisOf(stack, resolve);
  if (!api || others.length > 0) throw new Error(`the stack ${stack.name} has not one HTTP API`);
  const wiring = { ...surroundings, permissions: permissionsOf(stack, resolve) };
  const authorizers = createAuthorizers(api.routes, wiring);
  const { now, log } = surroundings;
  return httpApiListener({
    id: api.id,
    routes: api.routes.map(({ target, authorizer, throttle, ...route }) => ({
      ...route,
      throttle: throttle && createThrottle(throttle, now),
      invoke: invokeOf(target, wiring),
      authorizer: authorizer && authorizers.get(authorizer.id),
    })),
    now,
    log,
  });
}

/** One authorizer for all routes that name it, so that they share its cache. */
function createAuthorizers(
  routes: readonly RouteDefinition[],
  wiring: Wiring,
): ReadonlyMap<string, Authorizer> {
  const definitions = routes.flatMap(({ authorizer }) => authorizer ?? []);
  const unique = new Map(definitions.map((definition) => [definition.id, definition]));
  return new Map([...unique].map(([id, definition]) => [id, authorizerOf(definition, wiring)]));
}

function authorizerOf({ target, ...settings }: AuthorizerDefinition, wiring: Wiring): Authorizer {
  return createAuthorizer({ ...settings, invoke: invokeOf(target, wiring), now: wiring.now });
}

/**
 * The call of a function on behalf of an API. Without the function's permission each call fails,
 * as it does in AWS.
 * @throws Error when there is no such function
 */
function invokeOf({ functionArn, sourceArn }: Target, wiring: Wiring): Invoke {
  const lambda = wiring.functions.get(functionArn);
  if (!lambda) throw new Error(`an API calls ${functionArn}, which does not exist`);
  if (wiring.permissions(functionArn, sourceArn)) return lambda.invoke;
  const errorMessage = `no permission lets ${sourceArn} invoke ${functionArn}`;
  return async () => ({ errorType: 'AccessDeniedException', errorMessage });
}
