import { randomUUID } from 'node:crypto';
import { CompactSign, type CryptoKey } from 'jose';
import type { TestKey } from './test-key.ts';
import { client_id, issuer, stoppedAt } from './token-endpoint.ts';

/** What an assertion may be signed by, as the documentation has it. */
export const assertionAlgorithms: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** What is different about an assertion; a claim or header member that is `undefined` is left out. */
export interface AssertionChange {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  /** Replaces the claims by this text. */
  readonly payload?: string;
  /** Signs instead of the key; the header still names the key. */
  readonly signer?: CryptoKey | Uint8Array;
}

/** Signs a client assertion that is right in every way but the changes (RFC 7523 §3). */
export function signAssertion(key: TestKey, change: AssertionChange = {}): Promise<string> {
  const claims = {
    iss: client_id,
    sub: client_id,
    aud: issuer,
    iat: stoppedAt,
    exp: stoppedAt + 60,
    jti: randomUUID(),
    ...change.claims,
  };
  const header = { alg: key.alg, kid: key.kid, ...change.header };
  return new CompactSign(new TextEncoder().encode(change.payload ?? JSON.stringify(claims)))
    .setProtectedHeader(JSON.parse(JSON.stringify(header)))
    .sign(change.signer ?? key.privateKey, { crit: { 'http://example.com/unknown': true } });
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A token request with an assertion; more parameters may replace those that are there. */
export function assertionForm(
  client_assertion: string,
  more: Readonly<Record<string, string>> = {},
): string {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: jwtBearer,
    client_assertion,
    ...more,
  }).toString();
}
