import { describe, expect, test } from 'vitest';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import {
  aClient,
  aResourceServer,
  client_id,
  client_secret,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const classic = `grant_type=client_credentials&client_id=${client_id}&client_secret=${client_secret}`;
const never = () => new Promise<never>(() => undefined);
const hangingRecords = { find: never, read: never };

/** Lambda's context of a function that has as good as no time left. */
const context = { getRemainingTimeInMillis: () => 501 };

describe('A24: a function whose time is over answers before Lambda ends it', () => {
  // As long as the registry has not said that there is such a client.
  const unknown = { client_id_digest: expect.stringMatching(/^[0-9a-f]{16}$/) };
  test.for<[string, Partial<TokenEndpoint>, object]>([
    [
      'a registry that hangs',
      { records: { clients: hangingRecords, resourceServers: hangingRecords } },
      unknown,
    ],
    [
      'a signing key that hangs',
      { signingKeys: { active: never, successorOf: never } },
      { client_id },
    ],
    [
      'a counter that hangs',
      {
        clientSecretMethod: 'registered',
        assertionMaxLifetime: 3600,
        failedAttempts: { limitedFor: () => 0, record: never },
      },
      { client_id },
    ],
  ])('503 with Retry-After for %s', async ([, hanging, known]) => {
    const answer = await endpoint.another(hanging)(classic, { context });
    expect(answer).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '2', 'Cache-Control': 'no-store' },
      body: { error: 'temporarily_unavailable' },
    });
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'failed',
      error: 'temporarily_unavailable',
      reason: 'the time of the function is over',
      request_id: 'JKJaXmPLvHcESHA=',
      ...known,
    });
  });

  test('and answers as ever where there is time', async () => {
    const inTime = { getRemainingTimeInMillis: () => 10_000 };
    expect(await endpoint.post(classic, { context: inTime })).toMatchObject({ statusCode: 200 });
  });
});

describe('A24: what was answered by 503 has no effect afterwards', () => {
  test.for([
    ['used up or signed', classic],
    ['counted', `${classic}-but-wrong`],
  ])('a registry that answers late lets nothing be %s', async ([, form = '']) => {
    const effects: string[] = [];
    let answer: () => void = () => undefined;
    const late = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined);
    });
    const slow: Partial<TokenEndpoint> = {
      nonces: { issue: async () => undefined, check: async () => undefined },
      failedAttempts: { limitedFor: () => 0, record: async () => void effects.push('counted') },
      replays: { firstUse: async () => effects.push('used') > 0 },
      records: {
        clients: {
          find: async () => ({ record: await late.then(() => aClient()), isCached: false }),
          read: async () => aClient(),
        },
        resourceServers: {
          find: async () => ({ record: aResourceServer(), isCached: false }),
          read: async () => aResourceServer(),
        },
      },
      signingKeys: {
        active: async () => {
          effects.push('signed');
          return await never();
        },
        successorOf: never,
      },
    };
    expect(await endpoint.another(slow)(form, { context })).toMatchObject({ statusCode: 503 });
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects).toEqual([]);
  });
});
