import type { CryptoKey } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { cacheKey, readKey } from '../../functions/oauth/imported-keys.ts';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import { countedImports } from '../support/counted-imports.ts';
import { json } from '../support/document-server.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { client_id, issuer, tokenEndpoint } from '../support/token-endpoint.ts';

const imports = countedImports();
const documents = memoryPlatform();
const unlimited = { limitedFor: () => 0, record: async () => undefined };
const endpoint = await tokenEndpoint({ failedAttempts: unlimited }, { fetch: documents.fetch });

const trust = {
  issuer: documents.url,
  subject: client_id,
  subject_glob: undefined,
  audience: issuer,
  claims: {},
  single_use: true,
  max_lifetime: 3600,
};

/** Where keys are -> the issuer of their assertions, and the client. */
const places: Readonly<
  Record<string, readonly [iss: string, client: (jwks: object) => Partial<Client>]>
> = {
  'that are registered': [
    client_id,
    (jwks) => ({ token_endpoint_auth_method: 'private_key_jwt', jwks: jwks as Client['jwks'] }),
  ],
  'behind a jwks_uri': [
    client_id,
    () => ({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${documents.url}/keys` }),
  ],
  'of a platform': [
    documents.url,
    () => ({ token_endpoint_auth_method: 'federated', trust: [trust] }),
  ],
};

type Jwks = readonly TestKey['jwk'][];

/** An instance that has fetched no keys, and a client with these. */
async function place(name: string, keys: Jwks) {
  const [iss, clientOf] = places[name] ?? [];
  documents.replies.set('/keys', json({ keys }));
  await endpoint.register({ secrets: [], ...clientOf?.({ keys }) });
  const post = endpoint.another();
  /** What an assertion is answered, and how many keys are imported for it. */
  return async (key: TestKey, change: AssertionChange = {}, id = client_id) => {
    const claims = { iss, sub: client_id, ...change.claims };
    const assertion = await signAssertion(key, { ...change, claims });
    const before = imports();
    const { statusCode } = await post(assertionForm(assertion, { client_id: id }));
    return [statusCode, imports() - before];
  };
}

/** The same RSA key, for PS256. */
async function pssOf({ privateKey }: TestKey): Promise<CryptoKey> {
  const { alg: _alg, key_ops: _ops, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey);
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  return crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
}

const unnamed = ({ kid: _, ...jwk }: TestKey['jwk']): TestKey['jwk'] => jwk;
const wrong = await testKey('ES256');

describe.for(Object.keys(places))('RFC 7517 §4 keys %s', (name) => {
  test.for(['RS256', 'PS384', 'ES256', 'ES512', 'Ed25519'])(
    'B15: %s: a key that has verified an assertion is not imported again',
    async (alg) => {
      const key = await testKey(alg);
      const ask = await place(name, [key.jwk]);
      expect(await ask(key)).toEqual([200, 1]);
      for (const _ of [1, 2, 3]) expect(await ask(key)).toEqual([200, 0]);
    },
  );

  test('B15: nor are those that were tried before it, and no others are', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => testKey('ES256')));
    const ask = await place(
      name,
      keys.map(({ jwk }) => unnamed(jwk)),
    );
    const [first = wrong, second = wrong, third = wrong] = keys;
    const asked = [second, second, first, third, third, second];
    const outcomes = [];
    for (const key of asked) outcomes.push(await ask(key));
    expect(outcomes).toEqual([2, 0, 0, 1, 0, 0].map((imported) => [200, imported]));
  });

  test('B15: an RSA key without an alg is imported for each, and not taken for the other', async () => {
    const [rs256, ps256] = [await testKey('RS256'), await testKey('PS256')];
    const { alg: _, ...jwk } = rs256.jwk;
    const ask = await place(name, [jwk]);
    const asPs256 = { header: { alg: 'PS256' }, signer: await pssOf(rs256) };
    for (const imported of [1, 0]) {
      expect(await ask(rs256)).toEqual([200, imported]);
      expect(await ask(rs256, asPs256)).toEqual([200, imported]);
    }
    expect(await ask(rs256, { ...asPs256, signer: ps256.privateKey })).toEqual([400, 3]);
  });

  test('B15: whatever else its JWK says is judged anew', async () => {
    const key = await testKey('ES256');
    const others = [{ use: 'enc' }, { alg: 'ES384' }, { key_ops: ['sign'] }, { d: 'AAAA' }];
    expect(await (await place(name, [key.jwk]))(key)).toEqual([200, 1]);
    for (const other of others) {
      const ask = await place(name, [{ ...key.jwk, ...other }]);
      expect(await ask(key)).toEqual([400, 3]);
    }
    expect(await (await place(name, [key.jwk]))(key)).toEqual([200, 0]);
  });

  test('B13: a cached key is refused as soon as the set has it no more', async () => {
    const [key, next] = [await testKey('ES256'), await testKey('ES256')];
    expect(await (await place(name, [key.jwk]))(key)).toEqual([200, 1]);
    const ask = await place(name, [next.jwk]);
    expect(await ask(key)).toEqual([400, 3]);
    expect(await ask(next)).toEqual([200, 1]);
  });
});

describe('RFC 6749 §2.3.1 what a wrong assertion costs does not tell whether a key is cached', () => {
  test.for(Object.keys(places))('A11: keys %s', async (name) => {
    const keys = await Promise.all([1, 2, 3].map(() => testKey('ES256')));
    for (const known of [1, 2, 3]) {
      const own = keys.slice(0, known);
      const ask = await place(
        name,
        own.map(({ jwk }) => unnamed(jwk)),
      );
      const kinds: readonly AssertionChange['header'][] = [{ kid: undefined }, { kid: 'a' }];
      const outcomes = async () => {
        const all = [];
        for (const header of kinds) {
          all.push(await ask(wrong, { header }), await ask(wrong, { header }, 'unknown'));
        }
        return all;
      };
      const alike = Array.from({ length: 4 }, () => [400, 3]);
      expect(await outcomes()).toEqual(alike);
      for (const key of own) {
        expect((await ask(key))[0]).toBe(200);
        expect(await outcomes()).toEqual(alike);
      }
    }
  });

  test('A11: nor does what a platform has signed for somebody else', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => testKey('ES256')));
    const ask = await place(
      'of a platform',
      keys.map(({ jwk }) => unnamed(jwk)),
    );
    const strange = { claims: { sub: 'a stranger' } };
    for (const _ of [1, 2]) {
      for (const key of keys) {
        expect(await ask(key, strange)).toEqual([400, 3]);
        expect(await ask(key, strange, 'unknown')).toEqual([400, 3]);
      }
    }
  });
});

describe('RFC 7517 §4 the cache of keys', () => {
  test('B15: has none that has verified nothing', async () => {
    const key = await testKey('ES256');
    const ask = await place('that are registered', [key.jwk]);
    for (const _ of [1, 2]) {
      expect(await ask(key, { signer: wrong.privateKey })).toEqual([400, 3]);
    }
    for (const imported of [1, 0]) expect(await ask(key)).toEqual([200, imported]);
  });

  test('B15: is bounded: a thousand others take the place of one', async () => {
    const key = await testKey('Ed25519');
    const ask = await place('that are registered', [key.jwk]);
    for (const imported of [1, 0]) expect(await ask(key)).toEqual([200, imported]);
    const other = readKey(wrong.jwk, 'ES256');
    if (typeof other === 'string') throw new Error(other);
    for (let count = 0; count < 1000; count += 1) cacheKey({ ...other, said: `${count}` });
    expect(await ask(key)).toEqual([200, 1]);
  });
});
