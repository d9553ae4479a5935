import { describe, expect, test } from 'vitest';
import { dpopAlgorithms } from '../../functions/oauth/assertion-algorithms.ts';
import { cacheDpopKey, readDpopKey } from '../../functions/oauth/dpop-key.ts';
import { httpCall } from '../authorizer/possession-events.ts';
import { type BoundToken, boundApi, shown } from '../support/bound-api.ts';
import { countedImports } from '../support/counted-imports.ts';
import { dpopKey, type ProofChange } from '../support/dpop.ts';

const imports = countedImports();
const api = await boundApi();
const handler = api.handler();

/** Uses a token with a proof, and tells what has been imported in this test. */
async function use({ access_token, prove }: BoundToken, change: ProofChange = {}) {
  const headers = shown(access_token, await prove(change));
  await handler(httpCall({ headers })).catch(() => undefined);
  return { outcome: api.log.at(-1)?.outcome, imports: imports() };
}

describe('RFC 9449 §4.2 a key that has verified a proof is not imported again', () => {
  test.for(['RS256', 'ES256', 'EdDSA', 'Ed25519'])('D04: %s', async (alg) => {
    const token = await api.bound({}, alg);
    for (const _ of [1, 2, 3]) expect(await use(token)).toEqual({ outcome: 'allowed', imports: 1 });
  });

  test('D04: one that has verified none is', async () => {
    const token = await api.bound();
    const { privateKey: signer } = await dpopKey();
    for (const imports of [1, 2]) {
      expect(await use(token, { signer })).toEqual({ outcome: 'refused', imports });
    }
  });

  test('D04: the same key is, where another member of the header could decide', async () => {
    const token = await api.bound();
    const { jwk } = token.key;
    const counts = [];
    for (const header of [{}, { jwk: { ...jwk, use: 'sig' } }, { kid: 'a' }, {}]) {
      counts.push(await use(token, { header }));
    }
    expect(counts).toEqual([1, 2, 3, 3].map((imports) => ({ outcome: 'allowed', imports })));
  });

  test('D04: the cache is bounded: many others take its place', async () => {
    const token = await api.bound();
    await use(token);
    const other = await readDpopKey(
      await token.prove({ header: { kid: 'other' } }),
      dpopAlgorithms,
    );
    for (let count = 0; count < 1000; count += 1) cacheDpopKey({ ...other, header: `${count}` });
    expect(await use(token)).toEqual({ outcome: 'allowed', imports: 3 });
  });

  test('D04: one whose proof is refused for its claims is not in it', async () => {
    const token = await api.bound();
    for (const imports of [1, 2]) {
      expect(await use(token, { claims: { jti: '' } })).toEqual({ outcome: 'refused', imports });
    }
    expect(await use(token)).toEqual({ outcome: 'allowed', imports: 3 });
  });
});
