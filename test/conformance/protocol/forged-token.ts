import { createPublicKey } from 'node:crypto';
import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose';
import { Nonconformity } from '../conformance-case.ts';
import type { ObtainedToken } from './obtained-token.ts';

/** What is changed in a copy of a token; `undefined` takes a member out. */
interface Change {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A key of the same kind as the one that signed a token, but not the issuer's. */
interface StrangerKey {
  /** The public half. */
  readonly jwk: JWK;
  /** Signs a changed copy of the token. The copy keeps its `kid` unless that is changed too. */
  sign(change?: Change): Promise<string>;
}

/**
 * Makes a key that could have signed this token.
 * @throws Nonconformity when no key pair could
 */
export async function strangerKey({ text, header }: ObtainedToken): Promise<StrangerKey> {
  const alg = String(header.alg);
  const pair = await generateKeyPair(alg, { extractable: true }).catch(() => undefined);
  if (!pair) throw new Nonconformity(`the alg of the token, ${alg}, is not one of a key pair`);
  return {
    jwk: { ...(await exportJWK(pair.publicKey)), alg, use: 'sig' },
    sign: (change) => signed(text, change, pair.privateKey),
  };
}

/** A changed copy of a token under the signature of the original. */
export function changed(token: string, { header, claims }: Change): string {
  const [protectedHeader = '', payload = '', signature = ''] = token.split('.');
  return [merged(protectedHeader, header), merged(payload, claims), signature].join('.');
}

/** A copy of a token with an HMAC that is keyed with something public (RFC 8725 §2.1). */
export function signedByHmac(token: string, key: string): Promise<string> {
  return signed(token, { header: { alg: 'HS256' } }, new TextEncoder().encode(key));
}

/** A copy of a token whose signature is wrong, though as long. */
export function withOtherSignature(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [header, payload, [...signature].reverse().join('')].join('.');
}

/** A copy of a token with an empty third part. */
export const withoutSignature = (token: string): string => token.replace(/[^.]*$/, '');

/**
 * A public key as PEM.
 * @throws Nonconformity when it is none
 */
export function pem(jwk: JWK): string {
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    throw new Nonconformity(`a key of kty ${jwk.kty} is no public key`);
  }
}

function signed(
  token: string,
  change: Change = {},
  key: Parameters<CompactSign['sign']>[0],
): Promise<string> {
  const [header = '', payload = ''] = changed(token, change).split('.');
  return new CompactSign(Buffer.from(payload, 'base64url'))
    .setProtectedHeader(JSON.parse(decoded(header)))
    .sign(key);
}

function merged(encoded: string, change: object | undefined): string {
  if (change === undefined) return encoded;
  const members = { ...JSON.parse(decoded(encoded)), ...change };
  return Buffer.from(JSON.stringify(members)).toString('base64url');
}

const decoded = (part: string): string => Buffer.from(part, 'base64url').toString('utf8');
