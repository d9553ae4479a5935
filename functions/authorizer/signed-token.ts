import { invalidToken } from '../oauth/oauth-error.ts';
import type { Claims } from './claims.ts';
import type { KeySet } from './key-set.ts';

/** A JWT in the compact serialization (RFC 7515 §7.1), taken apart. Nothing in it is verified. */
interface SignedToken {
  /** As it is encoded. */
  readonly header: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** What the signature is over (RFC 7515 §5.2). */
  readonly input: Buffer;
}

/** The header of a JWT (RFC 7515 §4), unverified. */
export type TokenHeader = Readonly<Record<string, unknown>> & { readonly kid: string };

/**
 * Reads which key a JWT names, and what else its header says.
 * @throws OAuthError `invalid_token` for what is no JWT, or names no key
 */
export function parseHeader(jwt: string): TokenHeader {
  const header = parseObject(decode(takeApart(jwt).header)) ?? notJwt();
  return namesKey(header) ? header : refuse('the token names no key (kid)');
}

/** How a token has to be signed. */
interface Signed extends Pick<KeySet, 'keys'> {
  readonly algorithms: readonly string[];
  /** What its `typ` is like. */
  readonly typ: RegExp;
}

/** RFC 7515 §4.1.9, RFC 9068 §4: the `typ` of an access token. */
export const accessTokenTyp = /^(application\/)?at\+jwt$/i;

/**
 * Verifies the signature of an access token or of a revocation list (RFC 7515 §5.2, RFC 9068 §4), whose header it was
 * given.
 * @returns the claims, which nobody has looked at
 * @throws OAuthError `invalid_token`
 */
export function verifySignature(
  jwt: string,
  header: TokenHeader,
  { keys, algorithms, typ }: Signed,
): Claims {
  const { payload, signature, input } = takeApart(jwt);
  const verify = keys.get(header.kid)?.get(checkedAlgorithm(header, { algorithms, typ }));
  if (verify === undefined) {
    return refuse('JWKSNoMatchingKey: no applicable key found in the JSON Web Key Set');
  }
  if (!verify(input, signature)) {
    return refuse('JWSSignatureVerificationFailed: signature verification failed');
  }
  return (
    parseObject(payload) ?? refuse('JWTInvalid: JWT Claims Set must be a top-level JSON object')
  );
}

/** The algorithm that a header chooses among the configured ones: it adds none (RFC 8725 §3.1). */
function checkedAlgorithm(
  header: TokenHeader,
  { algorithms, typ }: Pick<Signed, 'algorithms' | 'typ'>,
): string {
  // RFC 7515 §4.1.11, RFC 7797 §6: no extension is understood here, so none may be critical.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) {
    return refuse('JOSENotSupported: Extension Header Parameter is not recognized (crit, b64)');
  }
  // Of another issuer it may be wanted that there is none.
  if (!typ.test(String(header.typ ?? ''))) {
    return refuse('JWTClaimValidationFailed: unexpected "typ" JWT header value');
  }
  const { alg } = header;
  return typeof alg === 'string' && algorithms.includes(alg)
    ? alg
    : refuse('JOSEAlgNotAllowed: "alg" (Algorithm) Header Parameter value not allowed');
}

function takeApart(jwt: string): SignedToken {
  const [header = '', payload = '', signature = '', more] = jwt.split('.', 4);
  if (more !== undefined) return notJwt();
  return {
    header,
    payload: decode(payload),
    signature: decode(signature),
    input: Buffer.from(jwt.slice(0, header.length + payload.length + 1), 'latin1'),
  };
}

/** RFC 7515 §2: no white space, no padding and no spare bits, all of which Node would overlook. */
function decode(text: string): Buffer {
  const octets = Buffer.from(text, 'base64url');
  return text !== '' && octets.toString('base64url') === text ? octets : notJwt();
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a JSON object; of two members with one name the last one counts (RFC 7515 §4, RFC 7519 §4). */
function parseObject(octets: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(octets));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const namesKey = (header: Record<string, unknown>): header is TokenHeader =>
  typeof header.kid === 'string';

const notJwt = (): never => refuse('the token is not a JWT');

/** @param cause for the log alone. It begins with the name of jose's error, if that has one: logs are searched for these. */
function refuse(cause: string): never {
  throw invalidToken(cause);
}
