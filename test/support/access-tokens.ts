import { CompactSign } from 'jose';
import type { TestKey } from './test-key.ts';

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
