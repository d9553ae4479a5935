import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { invalidClient } from '../../oauth/oauth-error.ts';

/** What an assertion says of itself, unverified: only for choosing the keys. */
export interface UnverifiedAssertion {
  readonly iss: string;
  readonly sub: string;
  readonly kid: string | undefined;
}

/**
 * Reads what is needed to find the keys of an assertion (RFC 7523 §3 (1), (2)).
 * @throws OAuthError `invalid_client` when it is not one JWT, or says to be a JWT of another type.
 */
export function readAssertion(client_assertion: string): UnverifiedAssertion {
  // RFC 7515 §5.2: no white space and no padding; some decoders would take them.
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(client_assertion)) throw invalidClient('not one JWT');
  const { header, claims } = decode(client_assertion);
  if (!isAssertionType(header.typ)) throw invalidClient('a JWT of another type (typ)');
  return { iss: text(claims, 'iss'), sub: text(claims, 'sub'), kid: kidOf(header) };
}

/**
 * The client of an assertion that comes without a client_id: its issuer and subject (RFC 7523 §3 (2) B).
 * @throws OAuthError `invalid_client` when they are not the same.
 */
export function assertedClient(client_assertion: string): string {
  const { iss, sub } = readAssertion(client_assertion);
  if (iss !== sub) throw invalidClient('no client_id, and iss is not sub');
  return sub;
}

function decode(jwt: string): {
  readonly header: JWTHeaderParameters;
  readonly claims: JWTPayload;
} {
  try {
    // The type promises an alg; the verification checks it.
    return { header: decodeProtectedHeader(jwt) as JWTHeaderParameters, claims: decodeJwt(jwt) };
  } catch {
    throw invalidClient('not a JWT');
  }
}

/**
 * RFC 8725 §3.11: a JWT for another purpose says so by its type. Assertions have the type of RFC 7523bis,
 * a general one, or none (RFC 7519 §5.1, RFC 7515 §4.1.9).
 */
function isAssertionType(typ: unknown): boolean {
  if (typ === undefined) return true;
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  return ['jwt', 'jose', 'client-authentication+jwt'].includes(name);
}

function kidOf({ kid }: JWTHeaderParameters): string | undefined {
  if (kid === undefined || typeof kid === 'string') return kid;
  throw invalidClient('a malformed kid');
}

function text(claims: JWTPayload, name: 'iss' | 'sub'): string {
  const value = claims[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidClient(`no ${name}`);
}
