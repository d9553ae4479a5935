import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, type JWTPayload } from 'jose';
import type { SignedBy } from '../../oauth/assertion-keys.ts';
import { invalidClient } from '../../oauth/oauth-error.ts';
import { isSpiffeId } from '../../oauth/spiffe-id.ts';

/** An assertion, and what it says of itself: unverified, only for choosing the keys. */
export interface UnverifiedAssertion extends SignedBy {
  readonly jwt: string;
  readonly iss: string;
  readonly sub: string;
}

/**
 * Reads what is needed to find the keys of an assertion (RFC 7523 §3 (1), (2)). What is refused here is
 * refused for every client, known or not.
 * @throws OAuthError `invalid_client` when it is not one JWT, or says to be a JWT of another type.
 */
export const readAssertion = (jwt: string): UnverifiedAssertion =>
  read(jwt, (claims) => text(claims, 'iss'));

/**
 * The same of a JWT-SVID (draft-ietf-oauth-spiffe-client-auth §3.1): `sub` is a SPIFFE ID, and `iss` says nothing.
 * @throws OAuthError `invalid_client`
 */
export function readSvid(jwt: string): UnverifiedAssertion {
  const svid = read(jwt, () => '');
  if (!isSpiffeId(svid.sub)) throw invalidClient('sub is no SPIFFE ID');
  return svid;
}

function read(jwt: string, issuerIn: (claims: JWTPayload) => string): UnverifiedAssertion {
  const { header, claims } = decode(jwt);
  if (!isAssertionType(header.typ)) throw invalidClient('a JWT of another type (typ)');
  // RFC 7515 §4.1.11: there is no extension that this server understands.
  if (header.crit !== undefined) throw invalidClient('a critical header parameter (crit)');
  return {
    jwt,
    iss: issuerIn(claims),
    sub: text(claims, 'sub'),
    alg: typeof header.alg === 'string' ? header.alg : '',
    kid: kidOf(header),
    signature: Buffer.from(jwt.slice(jwt.lastIndexOf('.') + 1), 'base64url'),
  };
}

/**
 * The client of an assertion that comes without a client_id: its issuer and subject (RFC 7523 §3 (2) B).
 * @throws OAuthError `invalid_client` when they are not the same.
 */
export function assertedClient(client_assertion: string): string {
  const { claims } = decode(client_assertion);
  const [iss, sub] = [text(claims, 'iss'), text(claims, 'sub')];
  if (iss !== sub) throw invalidClient('no client_id, and iss is not sub');
  return sub;
}

/** The client of a JWT-SVID that comes without a client_id: the one that is registered by its SPIFFE ID. */
export const assertedWorkload = (svid: string): string => text(decode(svid).claims, 'sub');

function decode(jwt: string): {
  readonly header: JWTHeaderParameters;
  readonly claims: JWTPayload;
} {
  // RFC 7515 §5.2: no white space and no padding; some decoders would take them.
  if (!/^[\w-]+\.[\w-]+\.([\w-]{4})*([\w-]{2,3})?$/.test(jwt)) throw invalidClient('not one JWT');
  try {
    // The type promises more than a stranger keeps.
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
  if (typ === undefined || typ === null) return true;
  const name = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  return ['jwt', 'jose', 'client-authentication+jwt'].includes(name);
}

/** null says nothing, as in a JWK: some libraries write it for what they have not. */
function kidOf(header: JWTHeaderParameters): string | undefined {
  const kid = header.kid ?? undefined;
  if (kid === undefined || typeof kid === 'string') return kid;
  throw invalidClient('a malformed kid');
}

function text(claims: JWTPayload, name: 'iss' | 'sub'): string {
  const value = claims[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidClient(`no ${name}`);
}
