import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { failedAttempts } from '../../functions/authentication/failed-attempts.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import { json, raw } from '../support/document-server.ts';
import { memoryCounter } from '../support/memory/memory-counter.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { client_id, issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

/** Keys that take the place of others while those are cached. */

const documents = memoryPlatform();
const counter = memoryCounter();
const endpoint = await tokenEndpoint(
  { failedAttempts: failedAttempts(counter, () => endpoint.clock.now) },
  { fetch: documents.fetch },
);
const refused = await endpoint.post('grant_type=client_credentials');
const issued = { statusCode: 200 };
const reason = () => endpoint.audited.at(-1)?.reason;

const [old, next] = [await testKey('ES256'), await testKey('ES256')];
const rsa = await testKey('RS256');

type Jwks = { readonly keys: readonly TestKey['jwk'][] };
const setOf = (...keys: readonly TestKey['jwk'][]): Jwks => ({ keys });
const publish = (jwks: Jwks) => documents.replies.set('/keys', json(jwks));
const unnamed = ({ jwk: { kid: _, ...jwk } }: TestKey): TestKey['jwk'] => jwk;

/** What is registered, and which issuer the assertion is of. */
const publishers: readonly (readonly [where: string, iss: string, client: Partial<Client>])[] = [
  [
    'behind its jwks_uri',
    client_id,
    { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: `${documents.url}/keys` },
  ],
  [
    'of its platform',
    documents.url,
    {
      token_endpoint_auth_method: 'federated',
      trust: [
        {
          issuer: documents.url,
          subject: client_id,
          subject_glob: undefined,
          audience: issuer,
          claims: {},
          single_use: true,
          max_lifetime: 3600,
        },
      ],
    },
  ],
];

beforeEach(() => {
  endpoint.clock.now = stoppedAt;
  documents.requests.splice(0);
  counter.writes.splice(0);
});

/** Members of the header, and what signs. */
type Asked = AssertionChange['header'] & Pick<AssertionChange, 'signer'>;

/** A client, and an instance that has no keys in memory yet. */
async function place([, iss, client]: (typeof publishers)[number], jwks: Jwks) {
  await endpoint.register({ secrets: [], ...client });
  publish(jwks);
  const post = endpoint.another();
  const ask = async (by: TestKey, { signer, ...header }: Asked = {}) => {
    const times = { iat: endpoint.clock.now, exp: endpoint.clock.now + 60 };
    const assertion = await signAssertion(by, { claims: { iss, ...times }, header, signer });
    return post(assertionForm(assertion, { client_id }));
  };
  /** How many times the keys have been fetched. */
  const fetches = () => documents.requests.filter((path) => path === '/keys').length;
  return { ask, fetches };
}

type Rotation = readonly [
  how: string,
  before: Jwks,
  after: Jwks,
  by: TestKey,
  kid: string | undefined,
];

const rotations: readonly Rotation[] = [
  [
    'under its old kid',
    setOf({ ...old.jwk, kid: 'a' }),
    setOf({ ...next.jwk, kid: 'a' }),
    next,
    'a',
  ],
  [
    'by one of another type, under its old kid',
    setOf({ ...old.jwk, kid: 'a' }),
    setOf({ ...rsa.jwk, kid: 'a' }),
    rsa,
    'a',
  ],
  ['without a kid', setOf(unnamed(old)), setOf(unnamed(next)), next, undefined],
  [
    'without a kid, while assertions have one',
    setOf(unnamed(old)),
    setOf(unnamed(next)),
    next,
    'a',
  ],
  ['under another kid', setOf(old.jwk), setOf(next.jwk), next, next.kid],
  ['by a second one beside it', setOf(unnamed(old)), setOf(old.jwk, next.jwk), next, undefined],
  [
    'by three that are tried behind those that failed',
    setOf(...Array.from({ length: 3 }, () => unnamed(old))),
    setOf(unnamed(old), unnamed(old), unnamed(old), unnamed(next)),
    next,
    undefined,
  ],
];

describe.for(publishers)('RFC 7517 §4.5 a key %s is replaced', (publisher) => {
  test.for(rotations)(
    'B13: %s: ten seconds later it counts',
    async ([, before, after, by, kid]) => {
      const { ask, fetches } = await place(publisher, before);
      const first = before.keys[0]?.kid;
      expect(await ask(old, { kid: first })).toMatchObject(issued);
      publish(after);
      endpoint.clock.now += 9;
      expect(await ask(by, { kid })).toEqual(refused);
      expect(fetches()).toBe(1);
      endpoint.clock.now += 1;
      expect(await ask(by, { kid })).toMatchObject(issued);
      expect(fetches()).toBe(2);
    },
  );

  test('B13: the key that was replaced is refused from then on', async () => {
    const { ask } = await place(publisher, setOf(unnamed(old)));
    expect(await ask(old)).toMatchObject(issued);
    publish(setOf(unnamed(next)));
    endpoint.clock.now += 10;
    expect(await ask(old)).toMatchObject(issued);
    expect(await ask(next)).toMatchObject(issued);
    expect(await ask(old)).toEqual(refused);
  });

  test('B13: whatever strangers send, keys are fetched once in ten seconds', async () => {
    const { ask, fetches } = await place(publisher, setOf(old.jwk));
    expect(await ask(old)).toMatchObject(issued);
    for (let round = 1; round < 4; round += 1) {
      endpoint.clock.now += 10;
      const wrong = [undefined, old.kid, 'unknown'].map((kid) => ask(next, { kid }));
      for (const answer of await Promise.all(wrong)) expect(answer).toEqual(refused);
      expect(await ask(rsa, { kid: old.kid })).toEqual(refused);
      expect(fetches()).toBe(1 + round);
    }
  });

  test('B13: of more keys than are tried the same three are, whether fetched again or not', async () => {
    const [first, second, third, fourth] = await made(4);
    const { ask } = await place(
      publisher,
      setOf(...[first, second, first, third, fourth].flatMap((key) => (key ? unnamed(key) : []))),
    );
    for (let round = 0; round < 3; round += 1) {
      if (third) expect(await ask(third, { kid: undefined })).toMatchObject(issued);
      if (fourth) expect(await ask(fourth, { kid: undefined })).toEqual(refused);
      endpoint.clock.now += 10;
    }
  });

  test('B13: what verifies, and what names no algorithm of ours, has nothing fetched', async () => {
    const { ask, fetches } = await place(publisher, setOf(old.jwk));
    expect(await ask(old)).toMatchObject(issued);
    endpoint.clock.now += 10;
    expect(await ask(old)).toMatchObject(issued);
    expect(await ask(old, { alg: 'HS256', signer: Buffer.alloc(32) })).toEqual(refused);
    expect(fetches()).toBe(1);
  });

  test('A11, B13: where they cannot be fetched again, the cached ones have judged', async () => {
    const { ask, fetches } = await place(publisher, setOf(old.jwk));
    expect(await ask(old)).toMatchObject(issued);
    for (const reply of [raw(503, {}, ''), json({}), raw(200, {}, '<html>')]) {
      documents.replies.set('/keys', reply);
      endpoint.clock.now += 10;
      counter.writes.splice(0);
      expect(await ask(next, { kid: old.kid })).toEqual(refused);
      expect(reason()).toBe('signature verification failed');
      expect(counter.writes).toHaveLength(2);
      expect(await ask(old)).toMatchObject(issued);
    }
    expect(fetches()).toBe(4);
  });

  test('A11, B13: also where their hour ends while they are fetched again', async () => {
    const { ask, fetches } = await place(publisher, setOf(old.jwk));
    expect(await ask(old)).toMatchObject(issued);
    documents.replies.set('/keys', raw(503, {}, ''));
    endpoint.clock.now = stoppedAt + 3589;
    expect(await ask(old)).toMatchObject(issued);
    endpoint.clock.now = stoppedAt + 3600;
    const verify = crypto.subtle.verify.bind(crypto.subtle);
    const slow = vi.spyOn(crypto.subtle, 'verify').mockImplementation((...input) => {
      endpoint.clock.now = stoppedAt + 3601;
      return verify(...input);
    });
    onTestFinished(() => void slow.mockRestore());
    expect(await ask(next, { kid: old.kid })).toEqual(refused);
    expect(fetches()).toBe(3);
    expect(await ask(old)).toMatchObject({ statusCode: 503 });
  });

  test('A11: newer keys are tried for themselves, and decoys make up for what is left of three', async () => {
    const [verify, keys] = [vi.spyOn(crypto.subtle, 'verify'), await made(7)];
    onTestFinished(() => void verify.mockRestore());
    const stranger = await testKey('ES256');
    for (const [before, after, verifications] of [
      [1, 1, 3],
      [3, 0, 3],
      [2, 3, 5],
      [3, 4, 6],
    ] as const) {
      endpoint.clock.now += 300;
      const { ask } = await place(publisher, setOf(...keys.slice(0, before).map(unnamed)));
      expect(await ask(stranger, { kid: undefined })).toEqual(refused);
      publish(setOf(...keys.slice(before, before + after).map(unnamed)));
      endpoint.clock.now += 10;
      verify.mockClear();
      expect(await ask(stranger, { kid: undefined })).toEqual(refused);
      expect(verify).toHaveBeenCalledTimes(verifications);
    }
  });
});

const made = (count: number) => Promise.all(Array.from({ length: count }, () => testKey('ES256')));
