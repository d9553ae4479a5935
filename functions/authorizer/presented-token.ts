import { OAuthError } from '../oauth/oauth-error.ts';

/** An access token, and the scheme under which it was shown. */
export interface PresentedToken {
  readonly scheme: Scheme;
  readonly access_token: string;
}

/** RFC 6750 §2.1, RFC 9449 §7.1. */
export type Scheme = 'Bearer' | 'DPoP';

// A longer token is not even decoded. API Gateway's own limit on headers is 10 KB.
const maxTokenLength = 16_384;

const credentials = /^(Bearer|DPoP) +([\w.~+/-]+=*)$/i;

/**
 * Finds the access token of a request (RFC 6750 §2.1, RFC 9449 §7.1): in one Authorization header, and
 * nowhere else (RFC 6750 §2, §2.3).
 * @param inQuery whether the query has one
 * @throws OAuthError `invalid_request` when it is not there, not alone or not well-formed.
 */
export function presentedToken(
  authorization: readonly unknown[],
  inQuery: boolean,
): PresentedToken {
  if (inQuery) return refuse('an access token in the query');
  const [value, ...others] = authorization;
  if (others.length > 0) return refuse('more than one Authorization header');
  if (typeof value !== 'string') return refuse('no Authorization header');
  const [, scheme = '', access_token = ''] = credentials.exec(value) ?? [];
  if (access_token === '') return refuse('the Authorization header is neither Bearer nor DPoP');
  if (access_token.length > maxTokenLength) return refuse('an access token that is too long');
  return { scheme: schemeOf(scheme), access_token };
}

/** Whether a request presents an access token, even a malformed one (RFC 6750 §3.1). */
export const presentsToken = (authorization: readonly unknown[], inQuery: boolean): boolean =>
  inQuery ||
  authorization.some((value) => typeof value === 'string' && /^(Bearer|DPoP)( |$)/i.test(value));

/** A scheme is written in any case (RFC 9110 §11.1). */
const schemeOf = (text: string): Scheme => (text.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer');

function refuse(cause: string): never {
  throw new OAuthError('invalid_request', 'the request carries no usable access token', { cause });
}
