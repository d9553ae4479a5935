import { formatScope, type Scope } from '../oauth/scope.ts';

/**
 * The `WWW-Authenticate` value for a token that may not call the route (RFC 6750 §3, §3.1).
 * Scope-tokens have neither quote nor backslash (RFC 6749 §3.3), so they need no escape.
 * @param needed The route's scope; left out where the answer may be kept for another route.
 */
export function insufficientScope(needed: Scope | undefined): string {
  const challenge = 'Bearer error="insufficient_scope"';
  return needed === undefined ? challenge : `${challenge}, scope="${formatScope(needed)}"`;
}
