import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { longestRecordCache } from '../../functions/oauth/record-times.ts';
import { revocationOfGone } from '../../registry/revocations.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { json } from '../support/document-server.ts';
import { memoryDocuments } from '../support/memory/memory-documents.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import {
  api,
  aSecret,
  client_id,
  client_secret,
  postingClient,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const clientCache = 30;
const busy = unavailable(new Error('the registry is busy'));
const otherApi = 'https://other-api.example.com';

/** An endpoint that caches clients, with the reads of the registry that a request has cost. */
async function caching(seconds = clientCache) {
  const endpoint = await tokenEndpoint({}, { clientCache: seconds });
  const { clients, resourceServers } = endpoint;
  const reads = () => clients.reads.splice(0).length + resourceServers.reads.splice(0).length;
  /** Lets the registry be in trouble, until it is undefined again. */
  const trouble = (error: Error | undefined) => {
    for (const records of [clients, resourceServers]) records.trouble = error;
  };
  const ask = (more = '', client_id = postingClient, secret = client_secret) =>
    endpoint.post(
      `grant_type=client_credentials&client_id=${client_id}&client_secret=${secret}${more}`,
    );
  const change = (special: Partial<Client>) =>
    endpoint.register({
      client_id: postingClient,
      token_endpoint_auth_method: 'client_secret_post',
      ...special,
    });
  expect((await ask()).statusCode).toBe(200);
  reads();
  endpoint.clock.now += seconds;
  return { ...endpoint, trouble, reads, ask, change };
}

describe('a client that is cached', () => {
  test('is read once in 30 seconds, and so is the resource server', async () => {
    const { ask, reads, clock } = await caching();
    expect((await ask()).statusCode).toBe(200);
    expect(reads()).toBe(2);
    clock.now += clientCache - 1;
    expect((await ask()).statusCode).toBe(200);
    expect(reads()).toBe(0);
    clock.now += 1;
    expect((await ask()).statusCode).toBe(200);
    expect(reads()).toBe(2);
  });

  test('is read for each request where the setting is 0', async () => {
    const { ask, reads } = await caching(0);
    await ask();
    await ask();
    expect(reads()).toBe(4);
  });

  test('is read once for requests that come at the same time', async () => {
    const { ask, reads } = await caching();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
    expect(reads()).toBe(2);
  });

  test('is read where the clock was put back, and not cached for longer', async () => {
    const { ask, reads, clock } = await caching();
    await ask();
    reads();
    clock.now -= 1;
    expect((await ask()).statusCode).toBe(200);
    expect(reads()).toBe(2);
  });

  test('gets tokens while the registry is in trouble, and none when the time is over', async () => {
    const { ask, trouble, clock } = await caching();
    await ask();
    trouble(busy);
    clock.now += clientCache - 1;
    expect((await ask()).statusCode).toBe(200);
    clock.now += 1;
    expect(await ask()).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '2' } });
  });

  test('one read that fails is the failure of all who wait for it, and of no others', async () => {
    const { ask, trouble } = await caching();
    trouble(busy);
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([503, 503]);
    trouble(undefined);
    expect((await ask()).statusCode).toBe(200);
  });
});

describe('what a client has lost is refused within the time', () => {
  const losses: readonly (readonly [string, Partial<Client>, string])[] = [
    ['it is disabled', { disabled: true }, 'invalid_client'],
    ['its secret is revoked', { secrets: [] }, 'invalid_client'],
    ['its grant is gone', { grants: new Map() }, 'invalid_target'],
    ['it is for bound tokens alone', { dpop_bound_access_tokens: true }, 'invalid_dpop_proof'],
  ];
  test.for(losses)('%s', async ([, loss, error]) => {
    const { ask, change, clock } = await caching();
    await ask();
    await change(loss);
    clock.now += clientCache - 1;
    expect((await ask()).statusCode).toBe(200);
    clock.now += 1;
    expect((await ask()).body).toMatchObject({ error });
  });
});

describe('what a client has gained works at once: what is cached keeps nobody out', () => {
  const newSecret = 'a-new-secret';

  test('a secret', async () => {
    const { ask, change } = await caching();
    await ask();
    expect((await ask('', postingClient, newSecret)).body.error).toBe('invalid_client');
    await change({ secrets: [aSecret(client_secret), aSecret(newSecret, { id: 'new' })] });
    expect((await ask('', postingClient, newSecret)).statusCode).toBe(200);
  });

  test('a grant', async () => {
    const { ask, change, registerApi } = await caching();
    await ask();
    await registerApi({ resource: otherApi });
    expect((await ask(`&resource=${otherApi}`)).body.error).toBe('invalid_target');
    await change({ grants: new Map([[otherApi, new Set(['read'])]]) });
    const { body } = await ask(`&resource=${otherApi}`);
    expect(decodeJwt(body.access_token)).toMatchObject({ aud: otherApi, scope: 'read' });
  });

  test('a scope of the resource server', async () => {
    const { ask, change, registerApi } = await caching();
    await change({ grants: new Map([[api, new Set(['read', 'admin'])]]) });
    await ask();
    expect((await ask('&scope=admin')).body.error).toBe('invalid_scope');
    await registerApi({ scope: new Set(['read', 'admin']) });
    expect((await ask('&scope=admin')).body.scope).toBe('admin');
  });

  test('leave to do without bound tokens', async () => {
    const { ask, change } = await caching();
    await change({ dpop_bound_access_tokens: true });
    expect((await ask()).body.error).toBe('invalid_dpop_proof');
    await change({});
    expect((await ask()).statusCode).toBe(200);
  });

  test('that it is there, or there again', async () => {
    const { ask, change, register } = await caching();
    expect((await ask('', 'newcomer')).body.error).toBe('invalid_client');
    await register({ client_id: 'newcomer', token_endpoint_auth_method: 'client_secret_post' });
    expect((await ask('', 'newcomer')).statusCode).toBe(200);
    await change({ disabled: true });
    expect((await ask()).body.error).toBe('invalid_client');
    await change({});
    expect((await ask()).statusCode).toBe(200);
  });
});

describe('a refusal by a cached record is decided once more, wholly by fresh ones', () => {
  test('and stands where the client has been disabled meanwhile', async () => {
    const { ask, audited, change, registerApi } = await caching();
    await registerApi({ resource: otherApi });
    await ask();
    await change({ disabled: true, grants: new Map([[otherApi, new Set(['read'])]]) });
    expect((await ask(`&resource=${otherApi}`)).body.error).toBe('invalid_client');
    // The log has nothing of the run that does not count.
    expect(audited.at(-1)).not.toHaveProperty('secret_id');
    expect(audited.at(-1)).not.toHaveProperty('auth_method');
  });

  test('and stands where another client has been registered under its identifier', async () => {
    const { ask, change, registerApi } = await caching();
    await registerApi({ resource: otherApi });
    await ask();
    const grants = new Map([[otherApi, new Set(['read'])]]);
    await change({ secrets: [aSecret('of-another')], grants, created_at: stoppedAt + 10 });
    expect((await ask(`&resource=${otherApi}`)).body.error).toBe('invalid_client');
  });

  test('and stands where its secret is gone: two records give nothing that neither does', async () => {
    const { ask, change, registerApi } = await caching();
    await registerApi({ resource: otherApi });
    const both = {
      grants: new Map([[otherApi, new Set(['read'])]]),
      dpop_bound_access_tokens: true,
    };
    await change(both);
    const before = await ask(`&resource=${otherApi}`);
    expect(before.body.error).toBe('invalid_dpop_proof');
    // The demand of a proof is dropped in the change that takes the secret and the grant.
    await change({ secrets: [], grants: new Map() });
    expect((await ask(`&resource=${otherApi}`)).body.error).toBe('invalid_client');
  });

  test.for<[string, string, Partial<Client>]>([
    ['its secret is revoked', 'invalid_client', { secrets: [aSecret('another')] }],
    ['its method is another', 'invalid_client', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['its tokens are to be bound', 'invalid_dpop_proof', { dpop_bound_access_tokens: true }],
  ])('and stands where a grant comes in the change by which %s', async ([, error, change_]) => {
    const { ask, change, registerApi } = await caching();
    await registerApi({ resource: otherApi });
    await ask();
    await change({ ...change_, grants: new Map([[otherApi, new Set(['read'])]]) });
    expect((await ask(`&resource=${otherApi}`)).body.error).toBe(error);
  });

  test('and stands where the client has been deleted meanwhile', async () => {
    const { ask, unregister } = await caching();
    await ask();
    await unregister(postingClient);
    expect((await ask('&scope=admin')).body.error).toBe('invalid_client');
    // From then on it is known to be gone.
    expect((await ask()).body.error).toBe('invalid_client');
  });

  test('and does not come of a stale record that the first run did not need', async () => {
    const { ask, change, registerApi } = await caching();
    await change({
      grants: new Map([
        [api, new Set(['read'])],
        [otherApi, new Set(['read', 'admin'])],
      ]),
    });
    await registerApi({ resource: otherApi, scope: new Set(['read']) });
    // Both resource servers are cached, then both change, and the client with them.
    expect((await ask(`&resource=${api}`)).statusCode).toBe(200);
    expect((await ask(`&resource=${otherApi}`)).statusCode).toBe(200);
    await registerApi({ resource: otherApi, scope: new Set(['read', 'admin']) });
    await change({ grants: new Map([[otherApi, new Set(['read', 'admin'])]]) });
    expect((await ask('&scope=admin')).body.scope).toBe('admin');
  });

  test('A11: costs the same reads of a client that is cached, of one that is not, and of one that is unknown', async () => {
    const { ask, clients, clock } = await caching();
    const refusedAfter = async (client_id: string) => {
      clients.reads.splice(0);
      expect((await ask('', client_id, 'wrong')).body.error).toBe('invalid_client');
      return clients.reads.map(({ consistency }) => consistency);
    };
    await ask();
    expect(await refusedAfter(postingClient)).toEqual(['eventual', 'strong']);
    clock.now += clientCache;
    expect(await refusedAfter(postingClient)).toEqual(['eventual', 'strong']);
    expect(await refusedAfter('unknown')).toEqual(['eventual', 'strong']);
  });

  test('is a 503 where the registry cannot be asked', async () => {
    const { ask, trouble } = await caching();
    await ask();
    trouble(busy);
    expect((await ask('', postingClient, 'wrong')).statusCode).toBe(503);
    expect((await ask('&scope=admin')).statusCode).toBe(503);
  });
});

describe('the first read of a record may give an old one, which keeps nobody out', () => {
  /** An endpoint that has nothing cached, on replicas that miss each change from now on. */
  async function lagging(seconds?: number) {
    const endpoint = await caching(seconds);
    const lag = (isLagging: boolean) => {
      for (const records of [endpoint.clients, endpoint.resourceServers])
        records.isLagging = isLagging;
    };
    lag(true);
    return { ...endpoint, lag };
  }

  test('it is one eventually consistent read of the client, and one of the resource server', async () => {
    const { ask, clients, resourceServers } = await caching();
    clients.reads.splice(0);
    resourceServers.reads.splice(0);
    expect((await ask()).statusCode).toBe(200);
    expect(clients.reads).toEqual([{ id: postingClient, consistency: 'eventual' }]);
    expect(resourceServers.reads).toEqual([{ id: api, consistency: 'eventual' }]);
  });

  test('a client works at once, and from its registration on', async () => {
    const { ask, register } = await lagging();
    expect((await ask('', 'newcomer')).body.error).toBe('invalid_client');
    await register({ client_id: 'newcomer', token_endpoint_auth_method: 'client_secret_post' });
    expect((await ask('', 'newcomer')).statusCode).toBe(200);
    expect((await ask('', 'newcomer')).statusCode).toBe(200);
  });

  test('so does a secret', async () => {
    const { ask, change } = await lagging();
    await change({ secrets: [aSecret('a-new-secret')] });
    expect((await ask('', postingClient, 'a-new-secret')).statusCode).toBe(200);
  });

  test('and a grant of a resource server that is as new', async () => {
    const { ask, change, registerApi } = await lagging();
    await registerApi({ resource: otherApi });
    await change({ grants: new Map([[otherApi, new Set(['read'])]]) });
    expect((await ask(`&resource=${otherApi}`)).body.scope).toBe('read');
  });

  test('a client that is disabled gets tokens no longer than the cache and the lag last together', async () => {
    const { ask, change, lag, clock } = await lagging();
    await change({ disabled: true });
    expect((await ask()).statusCode).toBe(200);
    lag(false);
    clock.now += clientCache - 1;
    expect((await ask()).statusCode).toBe(200);
    clock.now += 1;
    expect((await ask()).body.error).toBe('invalid_client');
  });

  test('it gets none at once where the setting is 0: there each read is strongly consistent', async () => {
    const { ask, change, clients } = await lagging(0);
    await change({ disabled: true });
    clients.reads.splice(0);
    expect((await ask()).body.error).toBe('invalid_client');
    expect(clients.reads).toEqual([{ id: postingClient, consistency: 'strong' }]);
  });
});

test('J05: a client that was disabled gets no token that is not refused, however late its keys come', async () => {
  const documents = memoryDocuments();
  const key = await testKey('ES256');
  const { register, another, clock } = await tokenEndpoint(
    {},
    { clientCache: longestRecordCache, fetch: documents.fetch },
  );
  documents.replies.set('/keys', json({ keys: [key.jwk] }));
  const client = {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${documents.url}/keys`,
  } as const;
  await register(client);
  const post = another();
  const ask = async (by: TestKey) => {
    const claims = { iat: clock.now, exp: clock.now + 60 };
    return await post(assertionForm(await signAssertion(by, { claims })));
  };
  expect((await ask(key)).statusCode).toBe(200);
  await register({ ...client, disabled: true });
  const { not_before } = revocationOfGone({ kind: 'client', id: client_id }, clock.now);
  clock.now += longestRecordCache - 1;
  const next = await testKey('ES256');
  const reply = json({ keys: [next.jwk] });
  documents.replies.set('/keys', (response) => {
    clock.now += 15;
    reply(response);
  });
  const { statusCode, body } = await ask(next);
  expect(statusCode).toBe(200);
  expect(decodeJwt(body.access_token).iat).toBeLessThan(not_before);
});
