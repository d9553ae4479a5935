import { unavailable } from './oauth-error.ts';
import type { Profile } from './profile.ts';

/** A private key that can sign, wherever it is kept. */
export interface SigningKey {
  /** JOSE algorithm name (RFC 7518 §3.1). */
  readonly alg: string;
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  /** Bytes of the longest signing input that it takes; absent: it takes any. */
  readonly longestInput?: number;
  /** Signs the JWS signing input; the signature comes as RFC 7518 §3 wants it. */
  sign(input: Uint8Array): Promise<Uint8Array>;
}

/** The keys of which one signs. */
export interface SigningKeys {
  /** The one that signs. @throws RetryLater 503 when there is not exactly one */
  active(): Promise<SigningKey>;
  /** The one that signs now, after this one has failed; undefined: still the same. */
  successorOf(failed: SigningKey): Promise<SigningKey | undefined>;
}

/** Bytes that the header of a JWT may have, with the dot behind it. */
const longestHeader = 200;

/** Bytes that claims have in a JWT. */
export const encodedSize = (claims: object): number =>
  Math.ceil((Buffer.byteLength(JSON.stringify(claims)) * 4) / 3);

/** Whether a key can sign a JWT whose claims have so many bytes in it. */
export const canSign = (
  { longestInput = Number.POSITIVE_INFINITY }: SigningKey,
  encoded: number,
): boolean => longestHeader + encoded <= longestInput;

const base64urlJson = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** The header of the last key, encoded: one key signs all tokens of some weeks. */
let latest = { typ: '', alg: '', kid: '', encoded: '' };

function encodedHeader(typ: string, { alg, kid }: SigningKey): string {
  if (latest.kid !== kid || latest.alg !== alg || latest.typ !== typ) {
    latest = { typ, alg, kid, encoded: base64urlJson({ typ, alg, kid }) };
  }
  return latest.encoded;
}

/** Makes a signed JWT in the compact serialization (RFC 7515 §7.1, RFC 7519 §7.1). */
export async function signJwt(typ: string, claims: object, key: SigningKey): Promise<string> {
  const input = `${encodedHeader(typ, key)}.${base64urlJson(claims)}`;
  const signature = await key.sign(Buffer.from(input, 'ascii'));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

/** What signs with the active key. */
export interface ActiveSigning {
  readonly signingKeys: SigningKeys;
  readonly profile: Profile;
}

/** A JWT of ours, and the key that signed it. */
export interface SignedJwt {
  readonly jwt: string;
  readonly kid: string;
}

/** The key that signs now. @throws RetryLater 503, also while the profile excludes its algorithm */
export async function activeSigningKey({
  signingKeys,
  profile,
}: ActiveSigning): Promise<SigningKey> {
  const key = await signingKeys.active();
  if (!profile.maySign(key.alg))
    throw unavailable(`the profile excludes the active key's ${key.alg}`);
  return key;
}

/**
 * Signs a JWT with a key that was active a moment ago. If signing fails, the key may have just been revoked: the
 * key that is active by then is tried once.
 * @throws RetryLater 503
 */
export async function signActively(
  typ: string,
  claims: object,
  key: SigningKey,
  signing: ActiveSigning,
): Promise<SignedJwt> {
  try {
    return { jwt: await signJwt(typ, claims, key), kid: key.kid };
  } catch (error) {
    const successor = await successorOf(key, error, signing);
    return { jwt: await signJwt(typ, claims, successor), kid: successor.kid };
  }
}

/** The key that is active by now. @throws the error where it is still the same one, or may not sign */
async function successorOf(
  failed: SigningKey,
  error: unknown,
  { signingKeys, profile }: ActiveSigning,
): Promise<SigningKey> {
  const successor = await signingKeys.successorOf(failed).catch(() => undefined);
  if (successor && profile.maySign(successor.alg)) return successor;
  throw error;
}
