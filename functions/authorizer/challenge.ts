import { formatScope, type Scope } from '../oauth/scope.ts';
import type { Scheme } from './presented-token.ts';

/**
 * Writes a challenge (RFC 9110 §11.6.1). Characters that a quoted string cannot contain (RFC 6749 Appendix
 * A.7, A.8) are escaped as in a URI.
 */
export function challenge(
  scheme: Scheme,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const written = given.map(([name, value]) => `${name}="${quotable(String(value))}"`);
  return `${scheme} ${written.join(', ')}`;
}

const quotable = (text: string): string =>
  text.replace(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, encodeURIComponent);

/**
 * The `WWW-Authenticate` value for a token that may not call the route (RFC 6750 §3, §3.1; RFC 9449 §7.1;
 * RFC 9728 §5.1).
 * @param needed the route's scope; undefined where the response may be cached for another route
 */
export const insufficientScope = (
  needed: Scope | undefined,
  scheme: Scheme,
  resourceMetadata?: string,
): string =>
  challenge(scheme, {
    error: 'insufficient_scope',
    scope: needed === undefined ? undefined : formatScope(needed),
    resource_metadata: resourceMetadata,
  });
