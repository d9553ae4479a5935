import {
  CompactSign,
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWK,
} from 'jose';

/** A key pair of an issuer, made for a test. */
export interface TestKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** As the issuer publishes it. */
  readonly jwk: JWK;
}

export async function testKey(alg = 'RS256'): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { alg, kid, privateKey, jwk: { ...jwk, kid, alg, use: 'sig' } };
}

/** The time at which tests begin, a NumericDate. */
export const start = 1_700_000_000;
export const audience = 'https://api.example.com';

/** What is different about a token; a claim or header member that is `undefined` is left out. */
export interface TokenChange {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: TestKey;
  /** Replaces the claims by this text. */
  readonly payload?: string;
}

/** Signs an access token that is right in every way but the changes. */
export function signToken(iss: string, key: TestKey, change: TokenChange = {}): Promise<string> {
  const claims = {
    iss,
    aud: audience,
    sub: 's6BhdRkqt3',
    client_id: 's6BhdRkqt3',
    iat: start,
    nbf: start,
    exp: start + 3600,
    jti: '0a1b2c3d4e5f',
    scope: 'read',
    ...change.claims,
  };
  const signer = change.key ?? key;
  const header = { alg: signer.alg, typ: 'at+jwt', kid: key.kid, ...change.header };
  const payload = change.payload ?? JSON.stringify(claims);
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader(JSON.parse(JSON.stringify(header)))
    .sign(signer.privateKey, { crit: { b64: true, 'http://example.com/unknown': true } });
}
