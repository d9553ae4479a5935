/** RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2, RFC 9964: signatures by a key pair, and no others. */
export const asymmetricAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
] as const;

const asymmetric: ReadonlySet<string> = new Set(asymmetricAlgorithms);

/** Whether a JOSE name is that of an algorithm by which a key pair signs. */
export const isAsymmetric = (name: string): boolean => asymmetric.has(name);

/**
 * Reads the space-delimited list of JOSE algorithms that tokens may be signed with. `none` and
 * the HMAC family are never on it (RFC 8725 §3.1, §3.2).
 * @throws Error that names the first word which is no asymmetric algorithm.
 */
export function parseAlgorithms(text: string): readonly string[] {
  const names = text.split(' ');
  const unknown = names.find((name) => !isAsymmetric(name));
  if (unknown !== undefined) {
    throw new Error(`"${unknown}" is not an asymmetric signature algorithm, such as RS256`);
  }
  return names;
}
