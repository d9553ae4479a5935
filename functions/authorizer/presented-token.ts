import { OAuthError } from '../oauth/oauth-error.ts';

// Nothing longer is decoded. API Gateway's own limit on headers is 10 KB.
const maxTokenLength = 16_384;

const credentials = /^Bearer +([\w.~+/-]+=*)$/i;

/**
 * Finds the access token of a request (RFC 6750 §2.1): in one Authorization header, and nowhere
 * else (§2, §2.3).
 * @throws OAuthError `invalid_request` when it is not there, not alone or not well-formed.
 */
export function bearerToken(authorization: readonly unknown[], query: ReadonlySet<string>): string {
  if (query.has('access_token')) return refuse('an access token in the query');
  const [value, ...others] = authorization;
  if (others.length > 0) return refuse('more than one Authorization header');
  if (typeof value !== 'string') return refuse('no Authorization header');
  const token = credentials.exec(value)?.[1] ?? refuse('the Authorization header is not Bearer');
  return token.length <= maxTokenLength ? token : refuse('an access token that is too long');
}

function refuse(cause: string): never {
  throw new OAuthError('invalid_request', 'the request carries no usable access token', { cause });
}
