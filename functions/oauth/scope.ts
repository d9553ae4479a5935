import { OAuthError } from './oauth-error.ts';

/** A set of scope-tokens (RFC 6749 §3.3). */
export type Scope = ReadonlySet<string>;

const scopeGrammar = /^[\x21\x23-\x5B\x5D-\x7E]+(?: [\x21\x23-\x5B\x5D-\x7E]+)*$/;

/** Characters that a scope may have: with more, a token would not fit into a header. */
const maxScopeLength = 2048;

/**
 * Splits a scope parameter into its scope-tokens (RFC 6749 §3.3).
 * @throws OAuthError `invalid_scope` when the text is too long or outside the grammar.
 */
export function parseScope(text: string): Scope {
  if (text.length > maxScopeLength) {
    throw new OAuthError('invalid_scope', `scope exceeds ${maxScopeLength} characters`);
  }
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
