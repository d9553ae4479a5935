import { type Confirmation, parseConfirmation } from '../oauth/confirmation.ts';
import { customClaimsOf } from '../oauth/custom-claims.ts';
import { invalidToken } from '../oauth/oauth-error.ts';
import { parseScope, type Scope } from '../oauth/scope.ts';
import type { StatusPlace } from '../oauth/status-list.ts';

/** The claims of a token as its issuer has written them: nothing in them can be relied upon. */
export type Claims = Readonly<Record<string, unknown>>;

/** Whose tokens are accepted, and for whom. */
export interface Parties {
  readonly issuer: string;
  /** This resource server's identifier. */
  readonly audience: string;
}

/** What a verified access token says (RFC 9068 §2.2). */
export interface AccessToken {
  readonly iss: string;
  readonly sub: string;
  readonly client_id: string;
  readonly aud: readonly string[];
  readonly jti: string;
  readonly scope: Scope;
  /** NumericDate. */
  readonly iat: number;
  /** NumericDate. */
  readonly exp: number;
  /** NumericDate. */
  readonly nbf: number | undefined;
  /** What it is bound to; undefined: it is a bearer token. */
  readonly cnf: Confirmation | undefined;
  /** Where its issuer says whether it was revoked; undefined: there is no such place. */
  readonly status: StatusPlace | undefined;
  /** What its owner adds, as base64url of JSON; undefined: nothing, or more than the authorizer's context takes. */
  readonly customClaims: string | undefined;
  /** The key that signed it. */
  readonly kid: string;
}

/** The claims that every access token has (RFC 9068 §2.2). */
export const requiredClaims = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];

/**
 * Reads the claims of an access token whose signature is verified (RFC 9068 §4): who it is by and for, their
 * types, and that each fits the authorizer's context. Its times are for whoever knows what time it is.
 * @throws OAuthError `invalid_token`.
 */
export function parseClaims(claims: Claims, kid: string, expected: Parties): AccessToken {
  const missing = requiredClaims.find((name) => !Object.hasOwn(claims, name));
  if (missing !== undefined)
    return refuse(`JWTClaimValidationFailed: missing required "${missing}" claim`);
  if (claims.iss !== expected.issuer)
    return refuse('JWTClaimValidationFailed: unexpected "iss" claim value');
  return {
    iss: identifier(claims, 'iss'),
    sub: identifier(claims, 'sub'),
    client_id: identifier(claims, 'client_id'),
    aud: audiences(claims.aud, expected.audience),
    jti: identifier(claims, 'jti'),
    scope: scope(claims.scope),
    iat: numericDate(claims, 'iat'),
    exp: numericDate(claims, 'exp'),
    nbf: claims.nbf === undefined ? undefined : numericDate(claims, 'nbf'),
    cnf: confirmation(claims),
    status: statusPlace(claims.status),
    customClaims: customClaims(claims),
    kid,
  };
}

// RFC 7519 §4.1.3: one audience, or a list.
function audiences(aud: unknown, expected: string): readonly string[] {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!named.includes(expected))
    return refuse('JWTClaimValidationFailed: unexpected "aud" claim value');
  return named.every((each) => typeof each === 'string') ? named : refuse('a malformed aud');
}

// RFC 6749 Appendix A.1 (VSCHAR); the length bounds the context, which API Gateway limits.
function identifier(claims: Claims, name: string): string {
  const value = claims[name];
  const fits = typeof value === 'string' && /^[\x20-\x7E]{1,256}$/.test(value);
  return fits ? value : refuse(`a malformed ${name}`);
}

// RFC 7800 §3.1: a binding that is not understood cannot be checked.
function confirmation(claims: Claims): Confirmation | undefined {
  if (!Object.hasOwn(claims, 'cnf')) return undefined;
  return parseConfirmation(claims.cnf) ?? refuse('the token is bound to what is not known (cnf)');
}

// Token Status List §6.1, §6.2: of the ways to tell a status this is the one that is understood here.
function statusPlace(status: unknown): StatusPlace | undefined {
  if (typeof status !== 'object' || status === null || !('status_list' in status)) return undefined;
  const { status_list: place } = status;
  if (typeof place !== 'object' || place === null) return refuse('a malformed status_list');
  const { idx, uri }: { readonly idx?: unknown; readonly uri?: unknown } = place;
  const isPlace = Number.isSafeInteger(idx) && Number(idx) >= 0 && typeof uri === 'string';
  return isPlace ? { idx: Number(idx), uri } : refuse('a malformed status_list');
}

/**
 * Characters that the context may have of them: three times 512 bytes, encoded, which is all that this server puts
 * into a token. Other issuers may put in more.
 */
const longestCustomClaims = 2048;

// Not as plain JSON: API Gateway's HTTP APIs have failed on that in a cached context, and headers are ASCII.
function customClaims(claims: Claims): string | undefined {
  const custom = customClaimsOf(claims);
  if (Object.keys(custom).length === 0) return undefined;
  const text = Buffer.from(JSON.stringify(custom)).toString('base64url');
  return text.length <= longestCustomClaims ? text : undefined;
}

// JSON.parse reads 1e999 as Infinity: a token that would never expire.
function numericDate(claims: Claims, name: 'exp' | 'iat' | 'nbf'): number {
  const value = claims[name];
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : refuse(`JWTClaimValidationFailed: "${name}" claim must be a number`);
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
