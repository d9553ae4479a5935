import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { SigningKeys } from '../../functions/oauth/jws.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import type { ReplayGuard } from '../../functions/oauth/replay.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { testKey } from '../support/test-key.ts';
import {
  aClient,
  aResourceServer,
  client_id,
  client_secret,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const classic = `grant_type=client_credentials&client_id=${client_id}&client_secret=${client_secret}`;
const key = await testKey('ES256');
const asserted = assertionForm(
  await signAssertion(key, { claims: { iss: 'signs', sub: 'signs' } }),
);
await endpoint.register({
  client_id: 'signs',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [key.jwk] },
});

/** A store in which all is used for the first time, as soon as it is ready. */
const usesOnce = (
  effects: string[],
  ready = async (): Promise<void> => undefined,
): ReplayGuard => ({
  async firstUse() {
    await ready();
    effects.push('used');
    return async () => void effects.push('given back');
  },
});

const notToSign = (effects: string[]): SigningKeys => ({
  active: async () => {
    effects.push('signed');
    return await never();
  },
  successorOf: never,
});

const never = () => new Promise<never>(() => undefined);
const noneCached = () => undefined;
const hangingRecords = { cached: noneCached, find: never, read: never };

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
      replays: usesOnce(effects),
      records: {
        clients: {
          cached: noneCached,
          find: async () => ({ record: await late.then(() => aClient()), hasChanged: undefined }),
          read: async () => aClient(),
        },
        resourceServers: {
          cached: noneCached,
          find: async () => ({ record: aResourceServer(), hasChanged: undefined }),
          read: async () => aResourceServer(),
        },
      },
      signingKeys: notToSign(effects),
    };
    expect(await endpoint.another(slow)(form, { context })).toMatchObject({ statusCode: 503 });
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(effects).toEqual([]);
  });
});

/** Holds the timer of the early answer, which middy has from node:timers, until the test says that time is over. */
function heldTimer(): () => void {
  let end = (): void => undefined;
  const spy = vi.spyOn(timers, 'setTimeout').mockImplementation(((run: () => void) => {
    end = run;
  }) as never);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  return () => end();
}

describe('A24: what was used up for an answer of 503 is given back, unless a token was signed', () => {
  /** What happens where one step, which `slow` makes slow, has begun in time and ends too late. */
  async function effectsOf(
    slow: (effects: string[], step: () => Promise<void>) => Partial<TokenEndpoint>,
  ) {
    const effects: string[] = [];
    const [begun, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const timeIsOver = heldTimer();
    const step = () => {
      begun.resolve();
      return late.promise;
    };
    const answer = endpoint.another(slow(effects, step))(asserted, { context });
    await begun.promise;
    timeIsOver();
    expect(await answer).toMatchObject({ statusCode: 503 });
    late.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    return effects;
  }

  type Sign = () => Promise<Uint8Array>;
  test.for<readonly [string, Sign, readonly string[]]>([
    ['fails', () => Promise.reject(unavailable('KMS is throttled')), ['used', 'given back']],
    ['comes', async () => new Uint8Array(256), ['used']],
  ])('a signature that %s too late', async ([, sign, expected]) => {
    const effects = await effectsOf((happened, step) => ({
      replays: usesOnce(happened),
      signingKeys: {
        active: async () => ({ alg: 'RS256', kid: 'a', sign: () => step().then(sign) }),
        successorOf: async () => undefined,
      },
    }));
    expect(effects).toEqual(expected);
  });

  test('a store that says too late that it has used it up, whereupon nothing is signed', async () => {
    const effects = await effectsOf((happened, step) => ({
      replays: usesOnce(happened, step),
      signingKeys: notToSign(happened),
    }));
    expect(effects).toEqual(['used', 'given back']);
  });
});
