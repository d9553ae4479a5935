import { OAuthError } from '../oauth/oauth-error.ts';
import type { Form } from './form.ts';

/** The parameters of a request about a token (RFC 7009 §2.1, RFC 7662 §2.1). */
export const tokenParameters = { single: ['token', 'token_type_hint'], repeatable: [] } as const;

/**
 * Reads which token a request is about. `token_type_hint` is a hint alone, and access tokens are all that there is.
 * @throws OAuthError `invalid_request`
 */
export function parseToken(form: Form): string {
  const token = form.one('token');
  if (token === undefined) throw new OAuthError('invalid_request', 'token is missing');
  return token;
}
