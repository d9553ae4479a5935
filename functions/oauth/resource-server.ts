import type { Scope } from './scope.ts';

/** An API that takes our access tokens (RFC 6749 §1.1). */
export interface ResourceServer {
  /** Its identifier, an absolute URI (RFC 8707 §2); becomes the `aud` of tokens for it. */
  readonly resource: string;
  readonly scope: Scope;
  /** Seconds that tokens for it live; absent: the deployment's default. */
  readonly access_token_lifetime: number | undefined;
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
