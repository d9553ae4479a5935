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
