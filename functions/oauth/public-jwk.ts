import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** A member of the JWK Set (RFC 7517 §4): the public key and what it is for. */
export type PublicJwk = Readonly<JWK & { kty: string; kid: string; alg: string; use: 'sig' }>;

/**
 * Turns a public key (DER, SubjectPublicKeyInfo) into the JWK that is published for it; `kid`
 * is its RFC 7638 thumbprint.
 * @throws Error when the bytes are no public key.
 */
export async function publicJwk(spki: Uint8Array, alg: string): Promise<PublicJwk> {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const jwk = key.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint(jwk, 'sha256');
  return { ...jwk, kty: String(jwk.kty), kid, alg, use: 'sig' };
}

// RFC 7518 §6: members of private and symmetric keys; RFC 9964 §3 names the last.
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Whether a JWK contains a private or symmetric key. */
export const hasSecretMember = (jwk: object): boolean =>
  secretMembers.some((member) => Object.hasOwn(saidMembers(jwk), member));

/** What makes a public key (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2). There is one way to write each. */
const publicMembers = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;

/** What of a JWK makes the key. */
type PublicMembers = Readonly<Partial<Record<(typeof publicMembers)[number], unknown>>>;

/** Whether two JWKs are of one public key, whatever else they say. */
export const isSameKey = (one: PublicMembers, other: PublicMembers): boolean =>
  publicMembers.every((member) => one[member] === other[member]);

/**
 * A JWK without the members that say nothing: null, or a list of nothing. Some serializers write each member
 * that a JWK may have. One without any such is given back as it is.
 */
export function saidMembers(jwk: JWK): JWK {
  const members = Object.entries(jwk);
  const said = members.filter(([, value]) => !saysNothing(value));
  return said.length === members.length ? jwk : Object.fromEntries(said);
}

const saysNothing = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.length === 0);
