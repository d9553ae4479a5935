/** A private key that can sign, wherever it is kept. */
export interface SigningKey {
  /** JOSE algorithm name (RFC 7518 §3.1). */
  readonly alg: string;
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  /** Signs the JWS signing input; the signature comes as RFC 7518 §3 wants it. */
  sign(input: Uint8Array): Promise<Uint8Array>;
}

const base64urlJson = (value: object): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** Makes a signed JWT in the compact serialization (RFC 7515 §7.1, RFC 7519 §7.1). */
export async function signJwt(typ: string, claims: object, key: SigningKey): Promise<string> {
  const header = base64urlJson({ typ, alg: key.alg, kid: key.kid });
  const input = `${header}.${base64urlJson(claims)}`;
  const signature = await key.sign(Buffer.from(input, 'ascii'));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}
