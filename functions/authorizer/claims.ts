import type { JWTPayload } from 'jose';
import { type Confirmation, parseConfirmation } from '../oauth/confirmation.ts';
import { invalidToken } from '../oauth/oauth-error.ts';
import { parseScope, type Scope } from '../oauth/scope.ts';

/** What a verified access token says (RFC 9068 §2.2). */
export interface AccessToken {
  readonly iss: string;
  readonly sub: string;
  readonly client_id: string;
  readonly jti: string;
  readonly scope: Scope;
  /** NumericDate. */
  readonly exp: number;
  /** NumericDate. */
  readonly nbf: number | undefined;
  /** What it is bound to; undefined: it is a bearer token. */
  readonly cnf: Confirmation | undefined;
  /** The key that signed it. */
  readonly kid: string;
}

/** The claims that every access token has (RFC 9068 §2.2). */
export const requiredClaims = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];

/**
 * Reads the claims of an access token whose signature, `iss`, `aud` and times jose has verified:
 * their types, and that each fits the authorizer's context.
 * @throws OAuthError `invalid_token`.
 */
export function parseClaims(claims: JWTPayload, kid: string): AccessToken {
  const audiences = [claims.aud].flat();
  if (!audiences.every((aud) => typeof aud === 'string')) return refuse('a malformed aud');
  numericDate(claims, 'iat');
  return {
    iss: identifier(claims, 'iss'),
    sub: identifier(claims, 'sub'),
    client_id: identifier(claims, 'client_id'),
    jti: identifier(claims, 'jti'),
    scope: scope(claims.scope),
    exp: numericDate(claims, 'exp'),
    nbf: claims.nbf,
    cnf: confirmation(claims),
    kid,
  };
}

// RFC 6749 Appendix A.1 (VSCHAR); the length bounds the context, which API Gateway limits.
function identifier(claims: JWTPayload, name: string): string {
  const value = claims[name];
  const fits = typeof value === 'string' && /^[\x20-\x7E]{1,256}$/.test(value);
  return fits ? value : refuse(`a malformed ${name}`);
}

// RFC 7800 §3.1: a binding that is not understood cannot be checked.
function confirmation(claims: JWTPayload): Confirmation | undefined {
  if (!Object.hasOwn(claims, 'cnf')) return undefined;
  return parseConfirmation(claims.cnf) ?? refuse('the token is bound to what is not known (cnf)');
}

// JSON.parse reads 1e999 as Infinity: a token that would never expire.
function numericDate(claims: JWTPayload, name: 'exp' | 'iat'): number {
  const value = claims[name];
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : refuse(`a malformed ${name}`);
}

// A token without scope may call the routes that need none. Earlier versions wrote the empty text for it.
function scope(value: unknown): Scope {
  if (value === undefined || value === '') return new Set();
  if (typeof value !== 'string') return refuse('a malformed scope');
  try {
    return parseScope(value);
  } catch {
    return refuse('a malformed scope');
  }
}

function refuse(cause: string): never {
  throw invalidToken(cause);
}
