import { OAuthError } from '../oauth/oauth-error.ts';
import type { Scope } from '../oauth/scope.ts';
import { type Routes, requiredScope } from './routes.ts';

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

/** Decides whether a token with this scope may call the route: it needs every scope-token. */
export function decideAccess(route: string | undefined, scope: Scope, routes: Routes): Decision {
  if (route === undefined) return { outcome: 'policy', needed: undefined, reason: undefined };
  const needed = requiredScope(route, routes);
  if (needed === undefined) {
    return { outcome: 'denied', needed, reason: 'the route is not configured' };
  }
  if (!needed.isSubsetOf(scope)) return { outcome: 'denied', needed, reason: 'insufficient scope' };
  return { outcome: 'allowed', needed: undefined, reason: undefined };
}
