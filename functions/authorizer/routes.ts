import { parseScope, type Scope } from '../oauth/scope.ts';
import { defaultRoute, parseRouteKey, reaches } from './route-pattern.ts';

/** Route key of API Gateway -> the scope-tokens that it needs, all of them. */
export type Routes = ReadonlyMap<string, Scope>;

/** Two routes that one policy for all cannot tell apart: a token without `other`'s scope is refused `route`. */
export interface RouteConflict {
  readonly route: string;
  readonly other: string;
}

/**
 * Reads the routes from JSON: an object of route keys, such as `GET /orders/{id}`,
 * `ANY /files/{proxy+}` or `$default` (every route that is not listed), each with the list of
 * the scope-tokens that it needs. An empty list: any valid token will do.
 * @throws Error, one sentence that names the route key in question.
 */
export function parseRoutes(text: string): Routes {
  const routes = parseObject(text);
  if (routes.length === 0) throw new Error('the routes are empty: nothing could be called');
  const table = new Map(
    routes.map(([key, scope]) => [checkRouteKey(key), parseRouteScope(key, scope)]),
  );
  // JSON leaves open which of two counts: one of them may need less.
  if (table.size < membersIn(text)) throw new Error('a route is listed twice');
  return table;
}

/**
 * The scope that a route needs: by its own entry, then by `ANY` and the same path, then by `$default`.
 * @returns undefined when nobody may call it: it is not listed, or it is an `ANY` route and only single
 *   methods of its path are listed, so that it cannot be told which one is meant
 */
export function requiredScope(route: string, routes: Routes): Scope | undefined {
  const listed = listedKey(route, routes);
  if (listed !== undefined) return routes.get(listed);
  return isListedByMethod(route, routes) ? undefined : routes.get(defaultRoute);
}

/** The entry of a route: its own, or `ANY` and the same path. */
export const listedKey = (route: string, routes: Routes): string | undefined =>
  [route, route.replace(/^[A-Z]+ /, 'ANY ')].find((key) => routes.has(key));

const isListedByMethod = (route: string, routes: Routes): boolean =>
  route.startsWith('ANY ') && [...routes.keys()].some((key) => key.endsWith(route.slice(3)));

/**
 * Finds the pairs of routes for which no one policy is right, because `*` in an ARN matches `/` too and Deny
 * wins. A TOKEN authorizer must have none: a route that another's ARNs reach needs at least the other's scope.
 * It must list every route: to a policy, an unlisted route below `/{name}` belongs to that one.
 */
export function conflictingRoutes(routes: Routes): readonly RouteConflict[] {
  const entries = [...routes].map(([key, scope]) => ({ key, scope, pattern: parseRouteKey(key) }));
  return entries
    .filter(({ key }) => key !== defaultRoute)
    .flatMap((route) =>
      entries
        .filter((other) => other !== route && !other.scope.isSubsetOf(route.scope))
        .filter((other) => reaches(other.pattern, route.pattern))
        .map((other) => ({ route: route.key, other: other.key })),
    );
}

function parseObject(text: string): readonly [string, unknown][] {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error('the routes are not a JSON object of route keys');
  }
  return Object.entries(value);
}

/** How many members all objects of a JSON text have: its strings with a colon behind them. */
const membersIn = (text: string): number =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the routes are not JSON');
  }
}

function checkRouteKey(key: string): string {
  parseRouteKey(key);
  return key;
}

function parseRouteScope(key: string, tokens: unknown): Scope {
  if (!Array.isArray(tokens))
    throw new Error(`the scope of "${key}" is not a list of scope-tokens`);
  return new Set(tokens.map((token) => scopeToken(key, token)));
}

function scopeToken(key: string, token: unknown): string {
  if (typeof token === 'string' && isScopeToken(token)) return token;
  throw new Error(`the scope of "${key}" contains ${JSON.stringify(token)}, no scope-token`);
}

function isScopeToken(text: string): boolean {
  try {
    return parseScope(text).has(text);
  } catch {
    return false;
  }
}
