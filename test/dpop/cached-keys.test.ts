import type { CryptoKey } from 'jose';
import { describe, expect, test } from 'vitest';
import { httpCall } from '../authorizer/possession-events.ts';
import { boundApi, shown } from '../support/bound-api.ts';
import { dpopKey, type ProofChange } from '../support/dpop.ts';

const api = await boundApi();
const handler = api.handler();

/** Uses a token with a proof; tells why it is refused, or that it is not. */
async function use(access_token: string, proof: string): Promise<unknown> {
  const headers = shown(access_token, proof);
  await handler(httpCall({ headers })).catch(() => undefined);
  const { outcome, reason } = api.log.at(-1) ?? {};
  return reason ?? outcome;
}

describe('RFC 9449 §4.3 a key that has verified a proof before', () => {
  test('D04: it verifies further ones', async () => {
    const { access_token, prove } = await api.bound();
    for (const _ of [1, 2, 3]) expect(await use(access_token, await prove())).toBe('allowed');
  });

  test.for(['ES256', 'RS256', 'Ed25519'])(
    'D04: %s: it does not verify what another has signed',
    async (alg) => {
      const { access_token, prove } = await api.bound({}, alg);
      expect(await use(access_token, await prove())).toBe('allowed');
      const { privateKey: signer } = await dpopKey(alg);
      expect(await use(access_token, await prove({ signer }))).toMatch(/signature/);
    },
  );

  test('D04: keys that take turns are not taken for each other', async () => {
    const [one, other] = [await api.bound(), await api.bound()];
    for (const _ of [1, 2]) {
      expect(await use(one.access_token, await one.prove())).toBe('allowed');
      expect(await use(other.access_token, await other.prove())).toBe('allowed');
    }
    const mixed = await one.prove({ header: { jwk: other.key.jwk } });
    expect(await use(other.access_token, mixed)).toMatch(/signature/);
    expect(await use(one.access_token, mixed)).toMatch(/signature/);
  });

  test('D03: an RSA key verifies under each alg what was signed under that one', async () => {
    const { access_token, prove, key } = await api.bound({}, 'RS256');
    const pss = await pssOf(key.privateKey);
    const [asRs256, asPs256]: readonly ProofChange[] = [
      {},
      { header: { alg: 'PS256' }, signer: pss },
    ];
    for (const change of [asRs256, asPs256, asRs256, asPs256]) {
      expect(await use(access_token, await prove(change))).toBe('allowed');
    }
    const [header = '', payload = ''] = (await prove(asPs256)).split('.');
    const [, , signature = ''] = (await prove(asRs256)).split('.');
    expect(await use(access_token, `${header}.${payload}.${signature}`)).toMatch(/signature/);
  });

  test('D04: a member of its JWK that forbids the use is still seen', async () => {
    const { access_token, prove, key } = await api.bound();
    expect(await use(access_token, await prove())).toBe('allowed');
    for (const more of [{ use: 'enc' }, { key_ops: ['sign'] }, { alg: 'ES384' }, { d: 'AAAA' }]) {
      const proof = await prove({ header: { jwk: { ...key.jwk, ...more } } });
      expect(await use(access_token, proof)).toMatch(/jwk (is|has)/);
    }
  });
});

/** The same RSA key, for PS256. */
async function pssOf(key: CryptoKey): Promise<CryptoKey> {
  const { alg: _alg, key_ops: _ops, ...jwk } = await crypto.subtle.exportKey('jwk', key);
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  return crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
}
