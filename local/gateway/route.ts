import type { Invoke } from '../lambda/instance.ts';
import type { Authorizer } from './authorizer.ts';
import type { Throttle } from './throttle.ts';

/** One route of an HTTP API with its function and its authorizer. */
export interface Route {
  /** `METHOD /path`, or `$default`. */
  readonly key: string;
  readonly invoke: Invoke;
  /** Seconds after which the gateway stops waiting for the function. */
  readonly integrationTimeout: number;
  readonly authorizer: Authorizer | undefined;
  readonly throttle: Throttle | undefined;
}

/** A route that a request matches, with what its path variables took. */
export interface Match {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the route of a request as an HTTP API does. The most specific path wins, segment by segment:
 * a text before a variable, a variable before a greedy one. A method wins over ANY, $default is last.
 */
export function matchRoute(
  routes: readonly Route[],
  { method, path }: { method: string; path: string },
): Match | undefined {
  const candidates = routes.flatMap((route) => candidate(route, method, path) ?? []);
  const [best] = candidates.toSorted((one, other) => (one.rank < other.rank ? -1 : 1));
  return best;
}

/** A match with its rank: the rank of a more specific one sorts before it. */
interface Candidate extends Match {
  readonly rank: string;
}

function candidate(route: Route, method: string, path: string): Candidate | undefined {
  if (route.key === '$default') return { route, pathParameters: {}, rank: '~' };
  const [routeMethod = '', template = ''] = route.key.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const values = pattern(template).exec(path)?.slice(1);
  if (!values) return undefined;
  const names = template.match(variables)?.map((variable) => variable.replace(/[{+}]/g, '')) ?? [];
  return {
    route,
    pathParameters: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])),
    rank: `${template.split('/').map(rank).join('')}${routeMethod === 'ANY' ? 1 : 0}`,
  };
}

const variables = /\{[^}]+\}/g;
const isGreedy = (segment: string) => segment.endsWith('+}');
const isVariable = (segment: string) => segment.startsWith('{');

function pattern(template: string): RegExp {
  const segments = template.split('/').map((segment) => {
    if (!isVariable(segment)) return RegExp.escape(segment);
    return isGreedy(segment) ? '(.+)' : '([^/]+)';
  });
  return new RegExp(`^${segments.join('/')}$`);
}

function rank(segment: string): string {
  if (!isVariable(segment)) return 'a';
  return isGreedy(segment) ? 'c' : 'b';
}
