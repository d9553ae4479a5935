import type { Scope } from '../oauth/scope.ts';
import { allMethods, greedy, parameter, parseRouteKey } from './route-pattern.ts';
import type { Routes } from './routes.ts';

/** A route of the table, ready to be compared with requests of one method. */
interface ListedRoute {
  readonly key: string;
  readonly scope: Scope;
  /** In lower case: some servers make no difference. */
  readonly segments: readonly string[];
  /** API Gateway prefers the route whose rank sorts first. */
  readonly rank: string;
}

/**
 * The listed routes that API Gateway would choose for a request, if it knew them all: one, or several that
 * are as good. For HEAD there may be a second choice.
 */
type BestListed = (method: string, path: string) => readonly (readonly ListedRoute[])[];

/** Takes the listed routes apart, once for all requests. `$default` is none of them: it is every other route. */
export function bestListed(routes: Routes): BestListed {
  const tableOf = (...methods: readonly string[]) =>
    [...routes].flatMap((entry) => listedRoute(entry, methods) ?? []).toSorted(byRank);
  const tables = new Map(allMethods.map((method) => [method, [tableOf(method, 'ANY')]]));
  // Most servers answer HEAD as they would GET (RFC 9110 §9.3.2).
  tables.get('HEAD')?.push(tableOf('HEAD', 'ANY', 'GET'));
  const ofOtherMethods = [tableOf('ANY')];
  return (method, path) => {
    const segments = segmentsOf(path);
    const its = tables.get(method.toUpperCase()) ?? ofOtherMethods;
    return its.map((table) => bestOf(table, segments));
  };
}

function bestOf(table: readonly ListedRoute[], path: readonly string[]): readonly ListedRoute[] {
  const best = table.find((route) => fits(route, path));
  return best ? table.filter((route) => route.rank === best.rank && fits(route, path)) : [];
}

/** @param methods the ones that are looked for, the better ones first */
function listedRoute(
  [key, scope]: readonly [string, Scope],
  methods: readonly string[],
): ListedRoute | undefined {
  const preference = methods.indexOf(key.replace(/ .*/, ''));
  if (preference === -1) return undefined;
  // An empty segment at the end is the root or a trailing slash.
  const segments = parseRouteKey(key).segments.filter((segment) => segment !== '');
  const rank = `${segments.map(segmentRank).join('')}${preference}`;
  return { key, scope, segments: segments.map((segment) => segment.toLowerCase()), rank };
}

/** Segment by segment: a text before a variable, a variable before a greedy one. */
const segmentRank = (segment: string): string => ranks.get(segment) ?? 'a';

const ranks: ReadonlyMap<string, string> = new Map([
  [parameter, 'b'],
  [greedy, 'c'],
]);

const byRank = (one: ListedRoute, other: ListedRoute): number =>
  Number(one.rank > other.rank) - Number(one.rank < other.rank);

function fits({ segments }: ListedRoute, path: readonly string[]): boolean {
  const isEndless = segments.at(-1) === greedy;
  if (isEndless ? path.length < segments.length : path.length !== segments.length) return false;
  return segments.every((segment, index) => takes(segment, path[index]));
}

const takes = (segment: string, text: string | undefined): boolean =>
  segment === text || segment === greedy || (segment === parameter && text !== '');

// By way of upper case, in which `ı` and `ſ` are letters of ASCII.
const segmentsOf = (path: string): readonly string[] =>
  path.length > 1 ? path.slice(1).toUpperCase().toLowerCase().split('/') : [];
