import { OAuthError } from './oauth-error.ts';

/** A set of scope-tokens (RFC 6749 §3.3). */
export type Scope = ReadonlySet<string>;

const scopeGrammar = /^[\x21\x23-\x5B\x5D-\x7E]+(?: [\x21\x23-\x5B\x5D-\x7E]+)*$/;

/**
 * Splits a scope parameter into its scope-tokens (RFC 6749 §3.3).
 * @throws OAuthError `invalid_scope` when the text is outside the grammar.
 */
export function parseScope(text: string): Scope {
  if (!scopeGrammar.test(text)) {
    throw new OAuthError(
      'invalid_scope',
      'scope is not a list of scope-tokens parted by one space',
    );
  }
  return new Set(text.split(' '));
}

/** Writes a scope as the space-delimited string of RFC 6749 §3.3; the empty scope is `''`. */
export function formatScope(scope: Scope): string {
  return [...scope].join(' ');
}
