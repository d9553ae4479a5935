import { generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { authority, certificate } from '../support/certificates.ts';
import { json } from '../support/document-server.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { needlessMembers } from '../support/needless-members.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { client_id, issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';
import {
  contradictoryKeys,
  exponentOne,
  longExponent,
  neutralPoint,
  weakPoints,
  weakRsaKeys,
} from '../support/weak-keys.ts';

const documents = memoryPlatform();
const platform = documents.url;
const endpoint = await tokenEndpoint({}, { fetch: documents.fetch });
const refused = await endpoint.post('grant_type=client_credentials');
const issued = { statusCode: 200 };
const reason = () => endpoint.audited.at(-1)?.reason;

const verify = vi.spyOn(crypto.subtle, 'verify');
afterAll(() => void verify.mockRestore());

/** Where keys of others come from, and whose assertion they verify. */
const places: Readonly<
  Record<string, readonly [iss: string, client: (keys: readonly JWK[]) => Partial<Client>]>
> = {
  'of a client': [
    client_id,
    (keys) => ({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } }),
  ],
  'behind a jwks_uri': [
    client_id,
    () => ({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${platform}/keys` }),
  ],
  'of a trusted issuer': [
    platform,
    () => ({
      token_endpoint_auth_method: 'federated',
      trust: [
        {
          issuer: platform,
          subject: client_id,
          subject_glob: undefined,
          audience: issuer,
          claims: {},
          single_use: true,
          max_lifetime: 3600,
        },
      ],
    }),
  ],
};

/** An instance that has fetched no keys, and an assertion for it. */
async function place(name: string, keys: readonly JWK[]) {
  const [iss, clientOf] = places[name] ?? [];
  // What has no kty is in no registry.
  const storable = keys.filter((key) => typeof key?.kty === 'string');
  documents.replies.set('/keys', json({ keys }));
  await endpoint.register({ secrets: [], ...clientOf?.(storable) });
  const post = endpoint.another();
  const form = (assertion: string) => post(assertionForm(assertion, { client_id }));
  return {
    form,
    ask: async (key: TestKey, kid: string | undefined) =>
      form(await signAssertion(key, { claims: { iss, sub: client_id }, header: { kid } })),
    iss,
  };
}

/** An assertion that is signed by hand. */
function forged(iss: string | undefined, alg: string, sign: (input: string) => Buffer): string {
  const claims = { iss, sub: client_id, aud: issuer, exp: stoppedAt + 60, jti: randomUUID() };
  const parts = [{ alg, kid: 'weak' }, claims];
  const encoded = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const input = encoded.join('.');
  return `${input}.${sign(input).toString('base64url')}`;
}

const weak = [...weakRsaKeys, ...weakPoints, ...contradictoryKeys];
const right = await Promise.all(['RS256', 'ES256', 'Ed25519'].map(testKey));

describe.for(Object.keys(places))('RFC 8725 §3.2 keys %s', (name) => {
  test.for([
    ['an RSA key with the exponent 1', 'RS256', 'an RSA key with another exponent', exponentOne],
    ['an RSA key with a long exponent', 'RS256', 'an RSA key with another exponent', longExponent],
    ['the neutral point of Ed25519', 'Ed25519', 'a point of small order', neutralPoint],
  ] as const)('B15: what %s can verify is no assertion', async ([, alg, fault, key]) => {
    const { form, iss } = await place(name, [{ ...key.jwk, kid: 'weak' }]);
    verify.mockClear();
    expect(await form(forged(iss, alg, key.sign))).toEqual(refused);
    expect(reason()).toMatch(`no applicable key in the set; one is left out, which is ${fault}`);
    // Those of decoys.
    expect(verify).toHaveBeenCalledTimes(3);
  });

  test('B15: keys that are left out spoil no other, with a kid and without', async () => {
    const keys = [...weak.map(([, , jwk]) => jwk), ...right.map(({ jwk }) => jwk)];
    const { ask } = await place(name, keys);
    for (const key of right) {
      expect(await ask(key, key.kid)).toMatchObject(issued);
      expect(await ask(key, undefined)).toMatchObject(issued);
    }
  });

  test.for(needlessMembers)('B15: %s makes no difference', async ([, members]) => {
    const keys = right.map(({ jwk: { alg: _, use: __, ...jwk } }) => ({ ...jwk, ...members }));
    const { ask } = await place(name, keys);
    for (const key of right) {
      expect(await ask(key, key.kid)).toMatchObject(issued);
      expect(await ask(key, undefined)).toMatchObject(issued);
    }
  });

  test('B15: what is no key at all spoils none', async () => {
    const [key = await testKey()] = right;
    const keys = [null, 1, 'x', [], {}, { ...key.jwk, kid: 7 }, { kty: { toString: 1 } }, key.jwk];
    const { ask } = await place(name, keys as JWK[]);
    expect(await ask(key, key.kid)).toMatchObject(issued);
    expect(await ask(key, undefined)).toMatchObject(issued);
  });

  test('B15: of keys with one kid three are tried, and the third may be the one', async () => {
    const keys = await Promise.all(Array.from({ length: 4 }, () => testKey('ES256')));
    const jwks = keys.map(({ jwk }) => ({ ...jwk, kid: 'same' }));
    const others = await Promise.all(Array.from({ length: 3 }, () => testKey('ES384')));
    const { ask } = await place(name, [...others.map(({ jwk }) => jwk), ...jwks]);
    const outcomes = [];
    for (const key of keys) {
      verify.mockClear();
      const { statusCode } = await ask(key, 'same');
      outcomes.push([statusCode, verify.mock.calls.length]);
    }
    expect(outcomes).toEqual([
      [200, 1],
      [200, 2],
      [200, 3],
      [400, 3],
    ]);
  });
});

describe.for(Object.keys(places))('RFC 7517 §4.5 the names of keys %s', (name) => {
  const named = (key: TestKey, kid: string | null | undefined): JWK => ({
    ...key.jwk,
    kid: kid as string,
  });

  test('B09: a kid narrows only where the assertion and the key have one', async () => {
    const [key, other] = [await testKey('ES256'), await testKey('ES256')];
    const outcomes: unknown[] = [];
    for (const ofKey of ['my-key-1', 'another', undefined, null]) {
      const { ask } = await place(name, [named(other, 'other'), named(key, ofKey)]);
      for (const kid of ['my-key-1', undefined]) {
        const { statusCode } = await ask(key, kid);
        outcomes.push([ofKey, kid, statusCode]);
      }
    }
    expect(outcomes).toEqual([
      ['my-key-1', 'my-key-1', 200],
      ['my-key-1', undefined, 200],
      ['another', 'my-key-1', 400],
      ['another', undefined, 200],
      [undefined, 'my-key-1', 200],
      [undefined, undefined, 200],
      [null, 'my-key-1', 200],
      [null, undefined, 200],
    ]);
  });

  test('B09: keys of the name come first, those without follow, and three are tried', async () => {
    const keys = await Promise.all(Array.from({ length: 4 }, () => testKey('ES256')));
    const names = [undefined, undefined, undefined, 'my-key-1'];
    const jwks = keys.map((key, index) => named(key, names[index]));
    const { ask } = await place(name, [
      ...jwks.slice(0, 3),
      named(await testKey('ES256'), 'a'),
      ...jwks.slice(3),
    ]);
    const outcomes: unknown[] = [];
    for (const key of keys) {
      verify.mockClear();
      const { statusCode } = await ask(key, 'my-key-1');
      outcomes.push([statusCode, verify.mock.calls.length]);
    }
    expect(outcomes).toEqual([
      [200, 2],
      [200, 3],
      [400, 3],
      [200, 1],
    ]);
  });

  test('B09: a key without a name and of another type is not tried', async () => {
    const [key, rsa] = [await testKey('ES256'), await testKey('RS256')];
    const { ask } = await place(name, [
      named(rsa, undefined),
      { ...named(key, undefined), alg: 'ES384' },
    ]);
    expect(await ask(key, 'my-key-1')).toEqual(refused);
    expect(reason()).toBe('no applicable key in the set');
  });
});

describe('RFC 8725 §3.2 the keys of certificates', () => {
  const pairs = {
    'RSA of 1,024 bits': generateKeyPairSync('rsa', { modulusLength: 1024 }),
    'RSA with the exponent 3': generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicExponent: 3,
    }),
    'RSA of 2,048 bits': generateKeyPairSync('rsa', { modulusLength: 2048 }),
    'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    Ed25519: generateKeyPairSync('ed25519'),
    'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  };
  const ca = authority();
  const asClient = `grant_type=client_credentials&client_id=${client_id}`;

  test.for([
    ['RSA of 1,024 bits', 'is an RSA key of fewer than 2048 or more than 4096 bits'],
    ['RSA with the exponent 3', 'is an RSA key with another exponent than 65537'],
    ['RSA of 2,048 bits', undefined],
    ['P-256', undefined],
    ['Ed25519', undefined],
  ] as const)('C02, C03: %s: %s', async ([name, why]) => {
    const init = { keys: pairs[name], subject: 'CN=billing', at: stoppedAt };
    const certified = await certificate({ ...init, issuer: ca });
    const selfSigned = await certificate(init);
    const clients: readonly (readonly [string, Partial<Client>])[] = [
      [
        certified.cert,
        { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=billing' },
      ],
      [
        selfSigned.cert,
        {
          token_endpoint_auth_method: 'self_signed_tls_client_auth',
          jwks: { keys: [selfSigned.jwk] },
        },
      ],
    ];
    for (const [cert, client] of clients) {
      await endpoint.register({ secrets: [], ...client });
      const answer = await endpoint.post(asClient, { certificate: cert });
      expect(answer).toMatchObject(why === undefined ? issued : refused);
      expect(reason()).toBe(why && `the key of the certificate ${why}`);
    }
  });

  test('C02: a key that no JWK can be of is refused', async () => {
    const { cert } = await certificate({ keys: pairs['RSA of 2,048 bits'], at: stoppedAt });
    const [rsaEncryption, rsassaPss] = ['2a864886f70d010101', '2a864886f70d01010a'];
    const der = new X509Certificate(cert).raw.toString('hex').replace(rsaEncryption, rsassaPss);
    const pem = Buffer.from(der, 'hex').toString('base64');
    const answer = await endpoint.post(asClient, {
      certificate: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
    });
    expect(answer).toEqual(refused);
    expect(reason()).toBe('the key of the certificate is of a type that clients do not use here');
  });

  test('C02: P-521 does for a certificate, too', async () => {
    const { cert } = await certificate({
      keys: pairs['P-521'],
      subject: 'CN=billing',
      at: stoppedAt,
      issuer: ca,
    });
    await endpoint.register({
      secrets: [],
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=billing',
    });
    expect(await endpoint.post(asClient, { certificate: cert })).toMatchObject(issued);
  });

  test('C03: a set that has published its private key too is none', async () => {
    const { privateKey } = pairs['P-256'];
    const { cert } = await certificate({ keys: pairs['P-256'], at: stoppedAt });
    const jwk = privateKey.export({ format: 'jwk' }) as JWK;
    await endpoint.register({
      secrets: [],
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [jwk] },
    });
    expect(await endpoint.post(asClient, { certificate: cert })).toEqual(refused);
    expect(reason()).toBe('the key of the certificate is none of the client');
  });
});
