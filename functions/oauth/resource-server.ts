import { comparableUri, normalizedEscapes } from './comparable-uri.ts';
import type { CustomClaims } from './custom-claims.ts';
import type { Scope } from './scope.ts';

/** An API that takes our access tokens (RFC 6749 §1.1). */
export interface ResourceServer {
  /** Its identifier, an absolute URI (RFC 8707 §2); becomes the `aud` of tokens for it. */
  readonly resource: string;
  readonly scope: Scope;
  /** Seconds that tokens for it live; absent: the deployment's default. */
  readonly access_token_lifetime: number | undefined;
  /** What the owner adds to tokens for it. */
  readonly claims: CustomClaims;
  /** NumericDate: tokens for it that were issued before are refused, and not given out again. */
  readonly tokens_not_before?: number | undefined;
  /** NumericDate. */
  readonly created_at: number;
  readonly updated_at: number;
}

/**
 * Whether the text is an absolute URI without a fragment, as RFC 8707 §2 demands of `resource`
 * (RFC 3986 §4.3: a scheme, a colon, and something behind it).
 */
export function isResourceIdentifier(text: string): boolean {
  return (
    /^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x24-\x3B\x3D\x3F-\x5B\x5D\x5F\x61-\x7A\x7E%]+$/.test(text) &&
    URL.canParse(text)
  );
}

/**
 * The form in which an identifier is registered, and becomes `aud`: scheme and host in lower case, no default
 * port (RFC 3986 §6.2.2.1, §6.2.3). The rest stays as the API's owner writes it, for verifiers compare `aud`
 * to the letter (RFC 7519 §4.1.3).
 */
export function registeredIdentifier(identifier: string): string {
  return identifier
    .replace(/^[^:]+/, (scheme) => scheme.toLowerCase())
    .replace(/^([^:]+:\/\/)([^/]*)/, (_, start, host) => start + host.toLowerCase())
    .replace(/^(https:\/\/[^/]*):443(?=\/|$)/, '$1')
    .replace(/^(http:\/\/[^/]*):80(?=\/|$)/, '$1');
}

/**
 * Which of the registered identifiers another text names: the same text, else all that are the same URI by
 * RFC 3986 §6.2.2 and §6.2.3. Releases before there was this rule may have registered several.
 */
export function resourcesNamed(text: string, registered: Iterable<string>): readonly string[] {
  const identifiers = [...registered];
  if (identifiers.includes(text)) return [text];
  const wanted = comparableResource(text);
  return identifiers.filter((identifier) => comparableResource(identifier) === wanted);
}

/** Whether two identifiers name one resource server. */
export const isSameResource = (one: string, other: string): boolean =>
  resourcesNamed(one, [other]).length > 0;

/**
 * Normalizes an identifier, so that two can be compared. One with a query stays as it is, and so does an http
 * URI that comparableUri does not take.
 */
export function comparableResource(identifier: string): string {
  if (identifier.includes('?')) return identifier;
  const isHttp = /^https?:/i.test(identifier);
  return isHttp ? (comparableUri(identifier) ?? identifier) : comparableOther(identifier);
}

/**
 * Of any other URI (`api://orders`, `urn:example:orders`): the case of scheme and host, escapes, and the empty
 * path after a host. Only http has default ports, and URL resolves dots as http has them.
 */
function comparableOther(identifier: string): string {
  const parts = /^([^:]*:?)(\/\/[^/@]+(?=\/|$))?(.*)$/s;
  const normal = identifier.replace(parts, (_, scheme: string, host = '', path: string) => {
    const isBare = host !== '' && path === '';
    return `${scheme}${host}`.toLowerCase() + (isBare ? '/' : path);
  });
  return normalizedEscapes(normal);
}
