import { signatureAlgorithms } from '../oauth/signature-algorithms.ts';

/** The JOSE names of the algorithms that tokens may be signed with: by a key pair. */
export const asymmetricAlgorithms: readonly string[] = Object.keys(signatureAlgorithms);

/** Whether a JOSE name is that of an algorithm by which a key pair signs. */
export const isAsymmetric = (name: string): boolean => Object.hasOwn(signatureAlgorithms, name);

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
