import { createHash, type KeyObject, randomUUID } from 'node:crypto';
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** A key pair of a client, for DPoP proofs (RFC 9449 §4.2). */
export interface ProofKey {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  /** The private half, which belongs into no proof. */
  readonly privateJwk: JWK;
  /** The public half. */
  readonly jwk: JWK;
}

/** The request that a proof is made for. */
export interface ProofTarget {
  readonly htm: string;
  readonly htu: string;
  /** NumericDate. */
  readonly iat: number;
  readonly nonce?: string | undefined;
  readonly ath?: string | undefined;
}

/** What differs from a right proof; `undefined` takes a member out. */
export interface ProofChange {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs instead of the key whose public half stands in the header. */
  readonly signer?: CryptoKey | KeyObject | Uint8Array;
  /** Changes the finished JWT. */
  readonly text?: (proof: string) => string;
}

/** Makes a key pair for proofs, by default for ES256. */
export async function newProofKey(alg = 'ES256'): Promise<ProofKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const [jwk, privateJwk] = await Promise.all([exportJWK(publicKey), exportJWK(privateKey)]);
  return { alg, privateKey, privateJwk, jwk };
}

/** A DPoP proof (RFC 9449 §4.2), by default a right one that nobody has used. */
export async function proofOf(
  { alg, jwk, privateKey }: ProofKey,
  target: ProofTarget,
  { header, claims, signer = privateKey, text = (proof) => proof }: ProofChange = {},
): Promise<string> {
  const payload = JSON.stringify({ jti: randomUUID(), ...target, ...claims });
  const protectedHeader = JSON.stringify({ typ: 'dpop+jwt', alg, jwk, ...header });
  const proof = await new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader(JSON.parse(protectedHeader))
    .sign(signer);
  return text(proof);
}

/** A proof that nobody has signed (RFC 7518 §3.6). */
export function unsigned(proof: string): string {
  const [header = '', claims = ''] = proof.split('.');
  const members = JSON.parse(Buffer.from(header, 'base64url').toString());
  const none = Buffer.from(JSON.stringify({ ...members, alg: 'none' })).toString('base64url');
  return `${none}.${claims}.`;
}

/** The hash of an access token in a proof that comes with it (RFC 9449 §4.2). */
export const athOf = (access_token: string): string =>
  createHash('sha256').update(access_token).digest('base64url');
