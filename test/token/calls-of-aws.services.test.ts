import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { keyRingItem } from '../../functions/aws/key-ring-item.ts';
import { clientItem, resourceServerItem } from '../../functions/aws/registry-items.ts';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import type { RingKey } from '../../functions/oauth/key-ring.ts';
import { publicJwk } from '../../functions/oauth/public-jwk.ts';
import type { TokenEnvironment } from '../../functions/token/environment.ts';
import { aResourceServer, stoppedAt } from '../support/a-client.ts';
import { aRingKey } from '../support/a-ring-key.ts';
import {
  clientsOfEveryMethod,
  everyMethod,
  publishedKey,
} from '../support/clients-of-every-method.ts';
import { json, startDocumentServer } from '../support/document-server.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { httpApiEvent, type RequestInit } from '../support/http-api-event.ts';
import { startMemoryAws } from '../support/memory-aws.ts';
import { startTokenInstance } from '../support/token-instance.ts';

/**
 * Which calls a request makes, and which of them at the same time: each is held until all that are expected
 * beside it are under way, and an instance makes no others.
 */

const issuer = 'http://localhost:3000';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = await publicJwk(publicKey.export({ type: 'spki', format: 'der' }), 'ES256');
const aws = await startMemoryAws({
  // What is signed is not looked at here: a signature of DER's least form.
  Sign: () => Buffer.from('3006020101020101', 'hex'),
  Decrypt: () => privateKey.export({ type: 'pkcs8', format: 'der' }),
});
const documents = await startDocumentServer();
afterAll(documents.close);

/** Calls that wait for their answers. */
const held: { readonly name: string; readonly release: (trouble?: string) => void }[] = [];
let heard = (): void => undefined;

const hold = (name: string) =>
  new Promise<string | undefined>((release) => {
    held.push({ name, release });
    heard();
  });
// No request waits for the note that its client was used, nor makes it in any order: test/authentication/last-use.test.ts.
aws.meet = ({ name }) => (name === 'used-at' ? Promise.resolve(undefined) : hold(name));

/** Waits until these calls are under way, all of them and no others, and lets them be answered. */
const together = (names: readonly string[], trouble?: string) => answered(names, () => trouble);

/** The same, but one of them fails. */
const failing = (failed: string, names: readonly string[], trouble: string) =>
  answered(names, (name) => (name === failed ? trouble : undefined));

async function answered(
  names: readonly string[],
  troubleOf: (name: string) => string | undefined,
): Promise<void> {
  while (held.length < names.length) await new Promise<void>((resolve) => (heard = resolve));
  const calls = held.splice(0);
  expect(calls.map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const { name, release } of calls) release(troubleOf(name));
}

/** The same for one set of calls after the other, and then for none. */
async function inOrder<Answer>(
  asked: Promise<Answer>,
  ...sets: readonly (readonly string[])[]
): Promise<Answer> {
  for (const names of sets) await together(names);
  const answer = await asked;
  expect(held).toEqual([]);
  return answer;
}

let clients = 0;

/** A client of a method that no instance has met, and that publishes its keys where nobody has fetched them. */
async function newClient(method: (typeof everyMethod)[number]) {
  clients += 1;
  const path = `/keys-${clients}`;
  documents.replies.set(path, (response) => {
    void hold('keys').then(() =>
      json({ keys: [{ ...publishedKey, use: keyUse(method) }] })(response),
    );
  });
  const published = `${documents.url}${path}`;
  const asking = await clientsOfEveryMethod[method]({
    client_id: `client-${clients}`,
    issuer,
    published,
  });
  aws.put(clientItem(asking.client));
  return asking;
}

const keyUse = (method: string) => (method === 'spiffe_jwt' ? 'jwt-svid' : 'sig');

const custody = {
  kms: { custody: 'kms' },
  'kms-wrapped': { custody: 'kms-wrapped', wrapped_private_key: 'd3JhcHBlZA==' },
} as const satisfies Readonly<Record<string, Partial<RingKey>>>;

/** An instance whose cold start is over, with what it has cost. */
async function instance(
  environment: Partial<TokenEnvironment> = {},
  {
    kept = 'kms',
    coldStart = [['ring', 'numbers']],
  }: { kept?: keyof typeof custody; coldStart?: string[][] } = {},
) {
  aws.put(aResource);
  const key = aRingKey({ kid: jwk.kid, alg: 'ES256', jwk, ...custody[kept] });
  aws.put(keyRingItem({ keys: [key], revision: 1 }));
  const started = startTokenInstance(aws.endpoint, {
    ISSUER: issuer,
    CLIENT_CACHE: '30',
    ...environment,
  });
  return asking(await inOrder(started, ...coldStart));
}

const aResource = resourceServerItem(aResourceServer());

const asking = (handler: HttpFunction) => async (init: RequestInit) => {
  const { statusCode, headers, body } = await handler(httpApiEvent(init));
  return { statusCode, headers, error: JSON.parse(body).error };
};

// A call that meets the SDK's own time limit leaves its test waiting: not for long, and not those after it.
vi.setConfig({ testTimeout: 10_000 });
beforeEach(() => {
  for (const { release } of held.splice(0)) release();
  vi.useFakeTimers({ toFake: ['Date'], now: stoppedAt * 1000 });
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  return () => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  };
});
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

const issued = { statusCode: 200 };
const refused = { error: 'invalid_client' };
const counted = ['count', 'count'];

/** What a request waits for beside its records, by its method. */
const waits = {
  client_secret_basic: { keys: [], use: [] },
  client_secret_post: { keys: [], use: [] },
  private_key_jwt: { keys: [], use: [['use']] },
  'private_key_jwt, jwks_uri': { keys: ['keys'], use: [['use']] },
  federated: { keys: ['keys'], use: [['use']] },
  tls_client_auth: { keys: [], use: [] },
  self_signed_tls_client_auth: { keys: [], use: [] },
  spiffe_jwt: { keys: ['keys'], use: [] },
  spiffe_x509: { keys: [], use: [] },
} as const satisfies Readonly<Record<(typeof everyMethod)[number], object>>;

describe.for(everyMethod)('the calls of AWS of a request by %s', (method) => {
  const { keys, use } = waits[method];

  test('on a new instance, and on one that is warm', async () => {
    const ask = await instance();
    const { ask: form } = await newClient(method);
    const first = [['client'], [...keys, 'resource'], ...use, ['Sign']];
    expect(await inOrder(ask(await form(true)), ...first)).toMatchObject(issued);
    const warm = [...use, ['Sign']];
    expect(await inOrder(ask(await form(true)), ...warm)).toMatchObject(issued);
  });

  test('where the records and the key ring are too old', async () => {
    const ask = await instance();
    later(61);
    const { ask: form } = await newClient(method);
    const calls = [['client', 'ring'], [...keys, 'resource'], ...use, ['Sign']];
    expect(await inOrder(ask(await form(true)), ...calls)).toMatchObject(issued);
  });

  test('that is refused', async () => {
    const ask = await instance();
    const { ask: form } = await newClient(method);
    const ahead = keys.length > 0 ? [[...keys, 'resource']] : [];
    // Once more, since the first read may be why, and one that is cached costs as much.
    const calls = [['client'], ...ahead, ['client'], counted];
    expect(await inOrder(ask(await form(false)), ...calls)).toMatchObject(refused);
    const again = [['client'], ['client'], counted];
    expect(await inOrder(ask(await form(false)), ...again)).toMatchObject(refused);
  });
});

describe('the calls of AWS', () => {
  test('of an unknown client are its reads, and the counting', async () => {
    const ask = await instance();
    const { ask: form } = await clientsOfEveryMethod.client_secret_basic({
      client_id: 'unknown',
      issuer,
      published: '',
    });
    const calls = [['client'], ['client'], counted];
    expect(await inOrder(ask(await form(true)), ...calls)).toMatchObject(refused);
  });

  test('of a cold start with a wrapped key unwrap it, so that no request waits for that', async () => {
    const ask = await instance(
      {},
      { kept: 'kms-wrapped', coldStart: [['ring', 'numbers'], ['Decrypt']] },
    );
    const { ask: form } = await newClient('client_secret_post');
    expect(await inOrder(ask(await form(true)), ['client'], ['resource'])).toMatchObject(issued);
    expect(await inOrder(ask(await form(true)))).toMatchObject(issued);
  });

  test('B08: use up a proof, then an assertion: of two that come twice, each is of one request', async () => {
    const ask = await instance();
    const { ask: form } = await newClient('private_key_jwt');
    const proof = await signProof(await dpopKey(), { claims: { htu: `${issuer}/token` } });
    const calls = [['client'], ['resource'], ['use'], ['use'], ['Sign']];
    const bound = { ...(await form(true)), headers: { dpop: proof } };
    expect(await inOrder(ask(bound), ...calls)).toMatchObject(issued);
  });

  test('D13: of a cold start read the key of nonces beside the key ring', async () => {
    const coldStart = [['ring', 'nonce-key', 'numbers'], ['nonce-key'], ['nonce-key']];
    const ask = await instance({ DPOP_NONCE: 'required' }, { coldStart });
    const { ask: form } = await newClient('client_secret_basic');
    const right: RequestInit = await form(true);
    const dpop = await signProof(await dpopKey(), { claims: { htu: `${issuer}/token` } });
    const headers = { ...right.headers, dpop };
    const answer = await inOrder(ask({ ...right, headers }), ['client']);
    expect(answer).toMatchObject({ error: 'use_dpop_nonce' });
  });
});

describe('J05: the numbers of tokens', () => {
  test('that a cold start has failed to get are asked for ten seconds later, and no token waits', async () => {
    aws.put(aResource);
    const started = startTokenInstance(aws.endpoint, { ISSUER: issuer, CLIENT_CACHE: '30' });
    await failing('numbers', ['ring', 'numbers'], 'AccessDeniedException');
    const ask = asking(await started);
    const { ask: form } = await newClient('client_secret_post');
    const calls = [['client'], ['resource'], ['Sign']];
    expect(await inOrder(ask(await form(true)), ...calls)).toMatchObject(issued);
    later(10);
    const asked = ask(await form(true));
    // The block is on its way while the token is signed.
    await together(['numbers', 'Sign']);
    expect(await asked).toMatchObject(issued);
    expect(held).toEqual([]);
  });
});

describe('J05: the look at whether a token was revoked that is given out again', () => {
  test('is one in five seconds; where it fails, a token is signed', async () => {
    const ask = await instance({ TOKEN_REUSE: '60' });
    const { ask: form } = await newClient('client_secret_basic');
    const first = [['client'], ['resource'], ['Sign']];
    expect(await inOrder(ask(await form(true)), ...first)).toMatchObject(issued);
    later(4);
    expect(await inOrder(ask(await form(true)))).toMatchObject(issued);
    later(1);
    expect(await inOrder(ask(await form(true)), ['revoked'])).toMatchObject(issued);
    later(5);
    const asked = ask(await form(true));
    await together(['revoked'], 'AccessDeniedException');
    expect(await inOrder(asked, ['Sign'])).toMatchObject(issued);
  });
});

describe('a read that has begun early, and fails', () => {
  const trouble = 'AccessDeniedException';

  test('of the resource server, is not what a refused client is told', async () => {
    const ask = await instance();
    const { ask: form } = await newClient('federated');
    const asked = ask(await form(false));
    await together(['client']);
    await failing('resource', ['keys', 'resource'], trouble);
    expect(await inOrder(asked, ['client'], counted)).toMatchObject(refused);
  });

  test('A24: of the resource server, is 503 for a client that needs it, and is not cached', async () => {
    const ask = await instance();
    const { ask: form } = await newClient('spiffe_jwt');
    const asked = ask(await form(true));
    await together(['client']);
    await failing('resource', ['keys', 'resource'], trouble);
    expect(await inOrder(asked)).toMatchObject({ statusCode: 503 });
    expect(await inOrder(ask(await form(true)), ['resource'], ['Sign'])).toMatchObject(issued);
  });

  test('of the key ring, is begun again beside the next one of a client, or by who needs it', async () => {
    const ask = await instance();
    for (const [isRight, calls, answer] of [
      [false, [['client', 'ring'], counted], refused],
      [true, [['resource'], ['ring'], ['Sign']], issued],
    ] as const) {
      later(61);
      const { ask: form } = await newClient('client_secret_basic');
      const asked = ask(await form(isRight));
      await failing('ring', ['client', 'ring'], trouble);
      expect(await inOrder(asked, ...calls)).toMatchObject(answer);
    }
  });

  test('of the key ring at the cold start, leaves the instance as it would be without', async () => {
    aws.put(aResource);
    const started = startTokenInstance(aws.endpoint, { ISSUER: issuer });
    await failing('ring', ['ring', 'numbers'], trouble);
    const ask = asking(await started);
    const { ask: form } = await newClient('client_secret_post');
    const calls = [['client', 'ring'], ['resource'], ['Sign']];
    expect(await inOrder(ask(await form(true)), ...calls)).toMatchObject(issued);
  });
});
