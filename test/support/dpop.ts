import { createHash, randomUUID } from 'node:crypto';
import { CompactSign, type CryptoKey } from 'jose';
import { issuer, stoppedAt } from './a-client.ts';
import { type TestKey, testKey } from './test-key.ts';

/** What is different about a proof; a claim or header member that is `undefined` is left out. */
export interface ProofChange {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Replaces the claims by this text. */
  readonly payload?: string;
  /** Signs instead of the key; the header still has the key. */
  readonly signer?: CryptoKey | Uint8Array;
}

/** A key as clients have it for DPoP: its JWK says nothing but what it is. */
export async function dpopKey(alg = 'ES256'): Promise<TestKey> {
  const key = await testKey(alg);
  const { kid: _kid, alg: _alg, use: _use, ...jwk } = key.jwk;
  return { ...key, jwk };
}

/** Signs a DPoP proof for the token endpoint that is right in every way but the changes (RFC 9449 §4.2). */
export function signProof(key: TestKey, change: ProofChange = {}): Promise<string> {
  const claims = {
    jti: randomUUID(),
    htm: 'POST',
    htu: `${issuer}/token`,
    iat: stoppedAt,
    ...change.claims,
  };
  const header = { typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk, ...change.header };
  return new CompactSign(new TextEncoder().encode(change.payload ?? JSON.stringify(claims)))
    .setProtectedHeader(JSON.parse(JSON.stringify(header)))
    .sign(change.signer ?? key.privateKey, { crit: { 'http://example.com/unknown': true } });
}

/** What `ath` has to be (RFC 9449 §4.2). */
export const athOf = (access_token: string): string =>
  createHash('sha256').update(access_token).digest('base64url');
