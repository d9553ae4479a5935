import { beforeEach, describe, expect, test } from 'vitest';
import { importedSecrets } from '../../functions/authentication/imported-secrets.ts';
import { clientItem } from '../../functions/aws/registry-items.ts';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { hashClientSecret } from '../../functions/oauth/client-secret.ts';
import type { RetryLater } from '../../functions/oauth/oauth-error.ts';
import { aClient, api, aSecret, stoppedAt } from '../support/a-client.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { foreignHash, importedSecretsFunction } from '../support/imported-secrets.ts';
import { serverInMemory } from '../support/server-in-memory.ts';

/** Clients that have moved in with the secrets that they had, at each endpoint at which clients authenticate. */

const secret = 'moved in with this';
const imported = (special: Partial<Client['secrets'][number]> = {}) =>
  aSecret(secret, { hash: foreignHash(secret), ...special });

/** A server, and the function that verifies imported secrets, on the same clients. */
async function aServer(clientCache = 30) {
  const lambda = importedSecretsFunction((client) =>
    server.clients.put(client.client_id, clientItem(client)),
  );
  const tokenLines: AuditEntry[] = [];
  const server = await serverInMemory(
    { token: { audit: (entry) => void tokenLines.push(entry) } },
    { clientCache, verifyImported: lambda.verify },
  );
  const handlers: Readonly<Record<string, HttpFunction>> = {
    '/token': server.handler,
    '/revoke': server.revocation,
    '/introspect': server.introspection,
  };
  const ask = async (
    path: string,
    { id = 'moved', by = secret, post = false, sourceIp = '192.0.2.1' } = {},
  ) => {
    const form = path === '/token' ? 'grant_type=client_credentials' : 'token=x';
    const body = post
      ? `${form}&${new URLSearchParams({ client_id: id, client_secret: by })}`
      : form;
    const headers: Record<string, string> = post ? {} : { authorization: basic(id, by) };
    const handler = handlers[path] as HttpFunction;
    const answer = await handler(httpApiEvent({ path, headers, body, sourceIp }));
    return answer;
  };
  const register = (special: Partial<Client> = {}) =>
    lambda.register(
      aClient({
        client_id: 'moved',
        introspection_resources: [api],
        secrets: [imported()],
        ...special,
      }),
    );
  await register();
  return { ...server, tokenLines, lambda, ask, registerMoved: register };
}

let server: Awaited<ReturnType<typeof aServer>>;
beforeEach(async () => {
  server = await aServer();
});

describe.each(['/token', '/revoke', '/introspect'])('%s', (path) => {
  test.each([
    ['by Basic', false],
    ['in the body', true],
  ])('A09: takes an imported secret %s, and replaces its hash by ours', async (_, post) => {
    const { lambda, ask } = server;
    expect(await ask(path, { post })).toMatchObject({ statusCode: 200 });
    expect((await lambda.client('moved')).secrets).toEqual([aSecret(secret)]);
    expect(lambda.asked).toEqual([
      { client_id: 'moved', secret_id: 'a-secret', client_secret: secret },
    ]);
  });

  test('A11: refuses a wrong secret as it refuses any, and counts it as a failure', async () => {
    const { ask, ports, lambda } = server;
    const wrong = await ask(path, { by: 'wrong' });
    const usual = await ask(path, { id: 's6BhdRkqt3', by: 'wrong' });
    expect(wrong).toEqual(usual);
    expect(wrong.statusCode).toBe(401);
    expect(lambda.asked).toHaveLength(1);
    const failures = ports.counter.writes.filter((key) => key.startsWith('failures#'));
    expect(failures).toHaveLength(4);
    expect((await lambda.client('moved')).secrets).toEqual([imported()]);
  });

  test('A24: answers 503 where the function does not answer, and lets the same secret in later', async () => {
    const { ask, lambda } = server;
    lambda.held.trouble = new Error('Lambda answered with 429');
    expect(await ask(path)).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '2' },
    });
    lambda.held.trouble = undefined;
    expect(await ask(path)).toMatchObject({ statusCode: 200 });
  });
});

describe('what is in the audit line', () => {
  test('is that a hash was replaced, of which secret, and of which format', async () => {
    const { ask, audited } = server;
    await ask('/revoke');
    expect(audited.at(-1)).toMatchObject({
      client_id: 'moved',
      secret_id: 'a-secret',
      replaced_hash: 'pbkdf2-sha256',
    });
    await ask('/revoke');
    expect(audited.at(-1)).not.toHaveProperty('replaced_hash', expect.anything());
    expect(JSON.stringify(audited)).not.toContain(secret);
  });
});

describe('a client with imported secrets', () => {
  test('is let in by a secret of ours without asking anybody', async () => {
    const { ask, lambda, registerMoved } = server;
    await registerMoved({ secrets: [imported(), aSecret('ours', { id: 'another' })] });
    expect(await ask('/token', { by: 'ours' })).toMatchObject({ statusCode: 200 });
    expect(lambda.asked).toEqual([]);
  });

  test('is let in by any of them', async () => {
    const { ask, lambda, registerMoved } = server;
    const other = aSecret('other', { id: 'another', hash: foreignHash('other') });
    await registerMoved({ secrets: [imported(), other] });
    expect(await ask('/token', { by: 'other' })).toMatchObject({ statusCode: 200 });
    const { secrets } = await lambda.client('moved');
    expect(secrets).toEqual([imported(), { ...other, hash: hashClientSecret('other') }]);
  });

  test.each([
    ['is disabled', { disabled: true }],
    ['has none that has not expired', { secrets: [imported({ expires_at: stoppedAt })] }],
    ['is registered for keys', { token_endpoint_auth_method: 'private_key_jwt' }],
  ] as const)('has no slow work done where it %s', async (_, special) => {
    const { ask, lambda, registerMoved } = server;
    await registerMoved(special);
    expect(await ask('/token')).toMatchObject({ statusCode: 401 });
    expect(lambda.asked).toEqual([]);
  });

  test('gets its token where the hash cannot be replaced, which is done at the next use', async () => {
    const { ask, lambda, clock } = server;
    lambda.held.between = (store) => ({
      ...store,
      change: () => Promise.reject(new Error('DynamoDB is away')),
    });
    expect(await ask('/token')).toMatchObject({ statusCode: 200 });
    expect((await lambda.client('moved')).secrets).toEqual([imported()]);
    expect(lambda.audited).toEqual([
      {
        client_id: 'moved',
        secret_id: 'a-secret',
        format: 'pbkdf2-sha256',
        outcome: 'failed',
        reason: 'Error: DynamoDB is away',
      },
    ]);
    lambda.held.between = (store) => store;
    clock.now += 61;
    expect(await ask('/token')).toMatchObject({ statusCode: 200 });
    expect((await lambda.client('moved')).secrets).toEqual([aSecret(secret)]);
  });
});

describe('many at once', () => {
  test('fifty first requests are one verification and one replacement, and none is refused', async () => {
    const { ask, lambda, ports } = server;
    let open = (): void => undefined;
    lambda.held.gate = new Promise((resolve) => (open = resolve));
    const asked = Promise.all(Array.from({ length: 50 }, () => ask('/token')));
    open();
    expect((await asked).map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(200));
    expect(lambda.asked).toHaveLength(1);
    expect(lambda.audited).toEqual([expect.objectContaining({ outcome: 'replaced' })]);
    expect(ports.counter.writes.filter((key) => /^imported-secrets/.test(key))).toHaveLength(4);
  });

  test('fifty first requests of fifty instances are one replacement, and none is refused', async () => {
    const { lambda, another } = server;
    const instances = Array.from({ length: 50 }, () => another());
    const asked = instances.map((post) =>
      post('grant_type=client_credentials', {
        headers: { authorization: basic('moved', secret) },
      }),
    );
    const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode);
    expect(statuses).toEqual(Array(50).fill(200));
    expect((await lambda.client('moved')).secrets).toEqual([aSecret(secret)]);
    expect(lambda.audited).toEqual([expect.objectContaining({ outcome: 'replaced' })]);
  });

  test('requests while the record is cached that has the foreign hash ask nobody again', async () => {
    const { ask, lambda } = server;
    for (let count = 0; count < 5; count += 1) await ask('/token');
    expect(lambda.asked).toHaveLength(1);
  });
});

describe('slow work is bounded', () => {
  test('A11: whoever guesses at a client has no more than 60 hashes computed in a minute, and keeps nobody else out', async () => {
    const { ask, lambda, clock } = server;
    const answers = [];
    for (let count = 0; count < 100; count += 1)
      answers.push(await ask('/token', { by: `guess ${count}`, sourceIp: '198.51.100.1' }));
    expect(lambda.asked).toHaveLength(60);
    expect(answers.slice(0, 60).every(({ statusCode }) => statusCode === 401)).toBe(true);
    // Not 401: a right secret would be among them.
    expect(answers.slice(60).every(({ statusCode }) => statusCode === 503)).toBe(true);
    const seconds = 60 - (stoppedAt % 60);
    expect(answers.at(-1)).toMatchObject({ headers: { 'Retry-After': String(seconds) } });
    expect(await ask('/token')).toMatchObject({ statusCode: 200 });
    clock.now += seconds;
    expect(await ask('/token', { sourceIp: '198.51.100.1' })).toMatchObject({ statusCode: 200 });
  });

  test('A11: a client has no more than 600 computed in a minute, from wherever', async () => {
    const { ask, lambda } = server;
    for (let count = 0; count < 620; count += 1)
      await ask('/token', { by: `guess ${count}`, sourceIp: `198.51.100.${count % 250}` });
    expect(lambda.asked).toHaveLength(600);
  });

  test('A11: no more than 6000 are computed in a minute, of whomever, from wherever', async () => {
    const verified: object[] = [];
    const sums = new Map<string, number>();
    const { match } = importedSecrets({
      verify: async (question) => {
        verified.push(question);
        return { matches: false };
      },
      counter: {
        async increment(key) {
          const sum = (sums.get(key) ?? 5990) + 1;
          sums.set(key, sum);
          // All that tells a client or a source apart is new each time.
          return key.endsWith('#all') ? sum : 1;
        },
      },
      now: () => stoppedAt,
    });
    const asked = Array.from({ length: 20 }, (_, count) =>
      match({
        ...{ client_id: `moved ${count}`, secret_id: 'a-secret', stored: 'imported:' },
        ...{ client_secret: 'guess', source: `198.51.100.${count}` },
      }).catch((error: RetryLater) => error.status),
    );
    const answers = await Promise.all(asked);
    expect(verified).toHaveLength(10);
    expect(answers.filter((answer) => answer === 503)).toHaveLength(10);
  });

  test('A11: a source has no more than 300 computed in a minute, of all clients', async () => {
    const { ask, lambda, registerMoved, ports } = server;
    for (let count = 0; count < 10; count += 1)
      await registerMoved({ client_id: `moved ${count}` });
    for (let count = 0; count < 400; count += 1)
      await ask('/token', { id: `moved ${count % 10}`, by: `guess ${count}` });
    expect(lambda.asked).toHaveLength(300);
    // Past the limit nothing is written any more for this.
    const counted = ports.counter.writes.filter((key) => /^imported-secrets/.test(key));
    expect(counted).toHaveLength(4 * 301);
    expect(await ask('/token', { sourceIp: '203.0.113.9' })).toMatchObject({ statusCode: 200 });
  });

  test('says in the line why, and lets in by secrets of ours all the while', async () => {
    const { ask, registerMoved, tokenLines } = server;
    await registerMoved({ secrets: [imported(), aSecret('ours', { id: 'another' })] });
    for (let count = 0; count < 61; count += 1) await ask('/token', { by: `guess ${count}` });
    expect(tokenLines.at(-1)).toMatchObject({
      outcome: 'failed',
      client_id: 'moved',
      reason: 'too many imported secrets are verified in 60 seconds',
    });
    expect(await ask('/token', { by: 'ours' })).toMatchObject({ statusCode: 200 });
  });
});
