import { type Routes, requiredScope } from '../../../functions/authorizer/routes.ts';
import type { Scope } from '../../../functions/oauth/scope.ts';
import { anyMethodOf, isWithin, overlap } from './route-overlap.ts';
import { type Guarding, type Served, type ServedApi, servedApis } from './served-apis.ts';

/** What `routes` lists, beside what the APIs have. */
export interface Comparison extends Guarding {
  readonly routes: Routes;
  /** What guards the routes that are listed. */
  readonly by: 'authorizer' | 'guard';
  /** Whether something else lets in nobody without this scope. */
  readonly isGuardedElsewhere: (route: Served, scope: Scope) => boolean;
}

/**
 * Finds what `routes` lists and an API does not have as a route of its own, so that a request goes by a
 * broader one, which may ask for less. And what an API has in the midst of a route that is listed, for no
 * more than `$default` asks.
 * @returns one sentence for each
 */
export function misplacedRoutes(comparison: Comparison): string[] {
  const apis = servedApis(comparison);
  if (apis.length === 0) return [];
  const listed = [...comparison.routes].filter(([key]) => key !== defaultRoute);
  return listed.flatMap(([key, scope]) => [
    ...apis.flatMap((api) => servedOtherwise([key, scope], api, apis, comparison)),
    ...apis.flatMap((api) => inTheMidst(key, scope, api, comparison)),
    ...(apis.every((api) => isAbsent(key, api)) ? [absent(key, apis, comparison)] : []),
  ]);
}

const defaultRoute = '$default';

/** By itself, or by single methods of a path that is listed with `ANY`. */
const isOf = (listed: string, { key }: Served): boolean =>
  key === listed || anyMethodOf(key) === listed;

/** Whether a route takes requests for one that is listed, without being a part of it. */
export const takesFrom = (listed: string, route: Served): boolean =>
  overlap(route.key, listed) &&
  !isOf(listed, route) &&
  !isPartOf(listed, route) &&
  !isPreflight(listed, route);

const isPartOf = (listed: string, { key }: Served): boolean =>
  isWithin(key, listed) && !isWithin(listed, key);

const isAbsent = (listed: string, { routes }: ServedApi): boolean =>
  !routes.some((route) => isMeant(listed, route) || takesFrom(listed, route));

/** Itself, or a part of it that is no preflight. */
export const isMeant = (listed: string, route: Served): boolean =>
  isOf(listed, route) && !isPreflight(listed, route);

/** Browsers send preflights without a token: what is listed with `ANY` need not guard them. */
const isPreflight = (listed: string, { key, isGuarded }: Served): boolean =>
  !isGuarded && key.startsWith('OPTIONS ') && !listed.startsWith('OPTIONS ');

function absent(listed: string, apis: readonly ServedApi[], { by }: Comparison): string {
  const names = apis.map(({ path }) => `"${path}"`).join(' and ');
  return (
    `routes lists "${listed}", which is no route of ${names}: give the API that route with this ` +
    `${by}, or leave it out of routes.`
  );
}

function servedOtherwise(
  [listed, scope]: readonly [string, Scope],
  { path, routes }: ServedApi,
  apis: readonly ServedApi[],
  { by, routes: all, isGuardedElsewhere }: Comparison,
): string[] {
  const isSafe = (route: Served) => route.isGuarded || isGuardedElsewhere(route, scope);
  const own = routes.filter((route) => isMeant(listed, route));
  const lists = `routes lists "${listed}", but "${path}"`;
  const open = own.find((route) => !isSafe(route));
  if (open) {
    return [`${lists} has "${open.key}" without this ${by}: let it guard that route, too.`];
  }
  if (own.some(({ key }) => key === listed)) return [];
  const taken = new Set(own.map(({ key }) => methodOf(key)));
  const [taker] = routes
    .filter((route) => takesFrom(listed, route) && !taken.has(methodOf(route.key)))
    .filter((route) => own.length === 0 || !asksFor(scope, route, all))
    .sort((one, other) => Number(one.key === defaultRoute) - Number(other.key === defaultRoute));
  if (!taker) return [];
  const serves = own.length > 0 ? 'serves some methods of it by' : 'serves it by';
  const isElsewhere = apis.some((api) => api.routes.some(({ key }) => key === listed));
  const other = own.length > 0 ? 'list single methods' : instead(taker, isElsewhere && by);
  return [
    `${lists} ${serves} "${taker.key}": give the API a route "${listed}" with this ${by}, or ${other}.`,
  ];
}

/** @param by if another API has what is listed, so that it has to stay there */
function instead({ key, isGuarded }: Served, by: Comparison['by'] | false): string {
  if (by) return `make ${each[by]} for each API`;
  return isGuarded ? `list "${key}" in its place` : 'leave it out of routes';
}

const each = { authorizer: 'an authorizer', guard: 'a function with a guard' };

const methodOf = (key: string): string => key.split(' ')[0] ?? '';

/** Whether a route lets in nobody without this scope. */
function asksFor(scope: Scope, { key, isGuarded }: Served, routes: Routes): boolean {
  if (!isGuarded) return false;
  const needed = requiredScope(key, routes);
  return needed === undefined || scope.isSubsetOf(needed);
}

function inTheMidst(
  listed: string,
  scope: Scope,
  { path, routes }: ServedApi,
  { routes: all }: Comparison,
): string[] {
  return routes
    .filter(({ key, isGuarded }) => isGuarded && !all.has(key) && !all.has(anyMethodOf(key)))
    .filter(({ key }) => overlap(key, listed) && !isWithin(listed, key))
    .filter((route) => !asksFor(scope, route, all))
    .map(
      ({ key }) =>
        `routes does not list "${key}" of "${path}", so that it asks for what "${defaultRoute}" does, ` +
        `although it is in the midst of "${listed}": list it with at least that one's scope.`,
    );
}
