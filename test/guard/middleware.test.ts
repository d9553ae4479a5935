import middy from '@middy/core';
import { describe, expect, test } from 'vitest';
import { createGuard } from '../../functions/authorizer/guard/guard.ts';
import { issuerKeys } from '../../functions/authorizer/issuer-keys.ts';
import type { DpopNonces } from '../../functions/oauth/dpop-nonce.ts';
import { httpCall } from '../authorizer/possession-events.ts';
import { apiIds, boundApi, shown } from '../support/bound-api.ts';

const api = await boundApi();
const nonces: DpopNonces = { issue: async () => 'the-next-one', check: async () => undefined };
const guard = () => createGuard({ ...api.authorizer({ nonces }), apiIds });

/** Runs a handler behind the guard and further middlewares, in this order. */
const run = (handler: () => Promise<unknown>, ...more: middy.MiddlewareObj[]) => {
  const handle = middy()
    .use([guard(), ...more])
    .handler(handler) as unknown as (event: unknown) => Promise<unknown>;
  return async () => {
    const { access_token, prove } = await api.bound();
    return await handle(httpCall({ headers: shown(access_token, await prove()) }));
  };
};

describe('the guard as a middleware', () => {
  test('I14: without keys it answers 503 at once, and asks the issuer once in two seconds', async () => {
    let fetches = 0;
    const fetch = async () => {
      fetches += 1;
      throw new Error('nobody there');
    };
    const { issuer, now, ...others } = api.authorizer();
    const keys = issuerKeys({ issuer, fetch, fetchTimeout: 1000, now });
    const closed = middy()
      .use(createGuard({ ...others, issuer, now, keys, apiIds }))
      .handler(async () => ({ statusCode: 200 })) as unknown as (event: unknown) => unknown;
    const authorization = `Bearer ${await api.token()}`;
    for (const [seconds, count] of [
      [0, 1],
      [1, 1],
      [1, 2],
    ] as const) {
      api.clock.now += seconds;
      expect(await closed(httpCall({ headers: { authorization } }))).toMatchObject({
        statusCode: 503,
        headers: { 'Retry-After': '2' },
      });
      expect(fetches).toBe(count);
    }
  });

  test('D14: what stands behind it sees no request that is refused', async () => {
    const seen: string[] = [];
    const spy = { before: () => void seen.push('before'), after: () => void seen.push('after') };
    const handle = middy()
      .use([guard(), spy])
      .handler(async () => void seen.push('handler')) as unknown as (
      event: unknown,
    ) => Promise<unknown>;
    expect(await handle(httpCall({ headers: {} }))).toMatchObject({ statusCode: 401 });
    expect(seen).toEqual([]);
    const authorization = `Bearer ${await api.token()}`;
    await handle(httpCall({ headers: { authorization } })).catch(() => undefined);
    expect(seen).toEqual(['before', 'handler', 'after']);
  });

  test('D13: the nonce is in the response, whatever middlewares make of it', async () => {
    const framed = {
      after: (request: middy.Request) => {
        request.response = { statusCode: 200, headers: { 'x-framed': 'yes' }, body: '' };
      },
    };
    expect(await run(async () => ({ statusCode: 200 }), framed)()).toMatchObject({
      headers: { 'x-framed': 'yes', 'DPoP-Nonce': 'the-next-one', 'Cache-Control': 'no-store' },
    });
  });

  test('D13: what answers in place of the handler sends no nonce', async () => {
    const answering = { before: () => ({ statusCode: 304 }) };
    const answer = await run(async () => ({ statusCode: 200 }), answering)();
    expect(answer).toEqual({ statusCode: 304 });
  });

  test('D13: the nonce is in what another middleware makes of an error', async () => {
    const mending = {
      onError: (request: middy.Request) => {
        request.response = { statusCode: 418, headers: {} };
      },
    };
    const broken = () => Promise.reject(new Error('mine'));
    expect(await run(broken, mending)()).toMatchObject({
      statusCode: 418,
      headers: { 'DPoP-Nonce': 'the-next-one' },
    });
    await expect(run(broken)()).rejects.toThrow(/^mine$/);
  });
});
