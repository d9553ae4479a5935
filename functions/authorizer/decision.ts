import { OAuthError } from '../oauth/oauth-error.ts';
import type { Scope } from '../oauth/scope.ts';
import { isAmbiguous } from './ambiguous-paths.ts';
import { bestListed } from './listed-routes.ts';
import { pathReadings } from './path-readings.ts';
import type { RequestedRoute } from './requested-route.ts';
import { listedKey, type Routes, requiredScope } from './routes.ts';

/** What a token may do on the route that was asked for. */
export interface Decision {
  /** `policy`: the route is not known, so the policy that goes out decides. */
  readonly outcome: 'allowed' | 'denied' | 'policy';
  /** What the route needs, when the token lacks some of it. */
  readonly needed: Scope | undefined;
  /** Why it is denied; for the log. */
  readonly reason: string | undefined;
}

/** Whether an error says no to the client; any other is a failure of ours or of the issuer. */
export function isRefusal(error: unknown): boolean {
  return error instanceof OAuthError && error.code !== 'temporarily_unavailable';
}

/** Decides whether a token with this scope may call the route. */
export type Decide = (route: RequestedRoute, scope: Scope) => Decision;

/** The routes of an API, and what of its paths belongs to none of them. */
interface Table {
  readonly routes: Routes;
  /** Undefined: it is not known. */
  readonly basePath: string | undefined;
}

/**
 * Decides by a table of routes. A request needs the scope of the route that API Gateway chose, and that of
 * the listed one which it would have chosen, had it known it: of `GET /admin`, though the API has
 * `$default` alone. What servers may take the path for counts as well.
 */
export function accessDecision({ routes, basePath }: Table): Decide {
  const best = bestListed(routes);
  // Where the base path is not known, what follows any part of the path may belong to the API.
  const pathsOf = ({ paths, mayHaveBasePath }: RequestedRoute): readonly string[] =>
    basePath === undefined && mayHaveBasePath ? paths.flatMap(endsOf) : paths;
  // The listed routes that a request may be for, beside the one that API Gateway chose among them.
  const otherRoutes = (route: RequestedRoute, chosen: string | undefined) => {
    const { method, prefixes } = route;
    const readings = pathReadings(pathsOf(route), basePath ? [...prefixes, basePath] : prefixes);
    return (
      readings &&
      [...readings]
        .flatMap((path) => best(method, path))
        .flatMap((listed) => (listed.some(({ key }) => key === chosen) ? [] : listed))
    );
  };
  return (route, scope) => {
    if (route.key === undefined) return decisionOfPolicy(route);
    const own = requiredScope(route.key, routes);
    if (own === undefined) return denied('the route is not configured');
    const others = otherRoutes(route, listedKey(route.key, routes));
    if (others === undefined) return denied('the path may be read in too many ways');
    const lacking = others.find((other) => !other.scope.isSubsetOf(scope));
    const needed = others.reduce((all, other) => all.union(other.scope), own);
    if (!own.isSubsetOf(scope)) return denied('insufficient scope', needed);
    if (lacking) return denied(`insufficient scope for ${lacking.key}, which it may be`, needed);
    return { outcome: 'allowed', needed: undefined, reason: undefined };
  };
}

/** A path, and what is left of it without its first segment, its first two, and so on. */
const endsOf = (path: string): readonly string[] => [
  path,
  ...[...path.matchAll(/\//g)].slice(0, mostSegments).map(({ index }) => path.slice(index)),
];

// No base path has more of them.
const mostSegments = 20;

/** What a policy for every route makes of a request. */
const decisionOfPolicy = ({ paths }: RequestedRoute): Decision =>
  paths.some(isAmbiguous)
    ? denied('the path may be read in several ways')
    : { outcome: 'policy', needed: undefined, reason: undefined };

const denied = (reason: string, needed?: Scope): Decision => ({
  outcome: 'denied',
  needed,
  reason,
});
