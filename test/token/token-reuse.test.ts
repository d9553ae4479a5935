import { decodeJwt } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import { placeOf } from '../../functions/oauth/status-list.ts';
import { tokenReuse } from '../../functions/token/token-reuse.ts';
import { authority, certificate } from '../support/certificates.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import {
  api,
  client_secret,
  issuer,
  postingClient,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const byPost = { token_endpoint_auth_method: 'client_secret_post' } as const;
const otherApi = 'https://other-api.example.com';
const anyClient = { client_id: postingClient, ...byPost };

/** Revocations of single tokens, and what was asked of them. */
function revokedTokens() {
  const asked: string[] = [];
  const table = { revoked: new Set<string>(), trouble: undefined as Error | undefined, asked };
  const isRevoked = async (jti: string): Promise<boolean> => {
    asked.push(jti);
    if (table.trouble) throw table.trouble;
    return table.revoked.has(jti);
  };
  return { table, isRevoked };
}

/** An endpoint that reuses tokens, with the signatures that its requests have cost. */
async function reusing(
  seconds = 600,
  { table, isRevoked }: ReturnType<typeof revokedTokens> = revokedTokens(),
) {
  const endpoint = await tokenEndpoint();
  const { clock } = endpoint;
  const now = () => clock.now;
  const post = endpoint.another({ reuse: tokenReuse({ seconds, now, isRevoked }) });
  const ask = async (more = '', id = postingClient, init = {}) => {
    const credentials = `client_id=${id}&client_secret=${client_secret}`;
    const { statusCode, body } = await post(
      `grant_type=client_credentials&${credentials}${more}`,
      init,
    );
    expect(statusCode, JSON.stringify(body)).toBe(200);
    return body;
  };
  const change = (special: Partial<Client>) =>
    endpoint.register({ client_id: postingClient, ...byPost, ...special });
  return { ...endpoint, post, ask, change, table };
}

describe('the same request within the time', () => {
  test('E03: gets the same token, and is told how long it still lives', async () => {
    const { ask, clock, signatures, audited } = await reusing();
    const first = await ask();
    clock.now += 599;
    const second = await ask();
    expect(second.access_token).toBe(first.access_token);
    expect([first.expires_in, second.expires_in]).toEqual([3600, 3001]);
    const { exp = 0 } = decodeJwt(second.access_token);
    expect(second.expires_in).toBe(exp - clock.now);
    expect(signatures()).toBe(1);
    const { jti } = decodeJwt(first.access_token);
    expect(audited.at(-2)).toMatchObject({ jti, outcome: 'issued', reused: undefined });
    expect(audited.at(-1)).toMatchObject({ jti, outcome: 'issued', reused: true });
    clock.now += 1;
    const third = await ask();
    expect(third.access_token).not.toBe(first.access_token);
    expect(third.expires_in).toBe(3600);
  });

  test('gets it whatever the order of its scope', async () => {
    const { ask } = await reusing();
    const { access_token } = await ask('&scope=read+write');
    expect(await ask('&scope=write+read')).toMatchObject({ access_token });
  });

  test('gets it where it has no scope, and no other where it then has some', async () => {
    const { ask, change } = await reusing();
    await change({ grants: new Map([[api, new Set<string>()]]) });
    const first = await ask();
    expect(await ask()).toEqual(first);
    expect(first).not.toHaveProperty('scope');
    await change({});
    expect(await ask()).toMatchObject({ scope: 'read write' });
  });

  test('gets none of which less than half of its life is left', async () => {
    const { ask, change, clock, signatures } = await reusing();
    await change({ access_token_lifetime: 120 });
    await ask();
    clock.now += 60;
    expect((await ask()).expires_in).toBe(60);
    clock.now += 1;
    expect((await ask()).expires_in).toBe(120);
    expect(signatures()).toBe(2);
  });

  test('gets none from before the clock was put back', async () => {
    const { ask, clock, signatures } = await reusing();
    await ask();
    clock.now -= 10;
    expect((await ask()).expires_in).toBe(3600);
    expect(signatures()).toBe(2);
  });

  test('1,000 requests of a client cost one signature in place of a thousand', async () => {
    const { ask, signatures } = await reusing();
    for (let count = 0; count < 1000; count += 1) await ask();
    expect(signatures()).toBe(1);
  });
});

describe('a request that differs gets a token of its own', () => {
  test.for([
    ['in its scope', `&resource=${api}&scope=read`],
    ['in its resource', `&resource=${otherApi}`],
  ])('%s', async ([, more]) => {
    const { ask, change, registerApi, signatures } = await reusing();
    await registerApi({ resource: otherApi });
    const both = new Set(['read', 'write']);
    await change({
      grants: new Map([
        [api, both],
        [otherApi, both],
      ]),
    });
    const first = await ask(`&resource=${api}`);
    expect((await ask(more)).access_token).not.toBe(first.access_token);
    expect(signatures()).toBe(2);
  });

  test('in its client', async () => {
    const { ask, register, signatures } = await reusing();
    await register({ client_id: 'another', ...byPost });
    expect(decodeJwt((await ask()).access_token).sub).toBe(postingClient);
    expect(decodeJwt((await ask('', 'another')).access_token).sub).toBe('another');
    expect(signatures()).toBe(2);
  });

  test('in the certificate of its connection; with the same one it gets the same token', async () => {
    const { ask, change, signatures } = await reusing();
    await change({ tls_client_certificate_bound_access_tokens: true });
    const issued = { issuer: authority(), subject: 'CN=billing', at: stoppedAt };
    const [one, other] = [await certificate(issued), await certificate(issued)];
    const with_ = (cert: string) => ask('', postingClient, { certificate: cert });
    const { access_token } = await with_(one.cert);
    expect(await with_(one.cert)).toMatchObject({ access_token });
    expect((await with_(other.cert)).access_token).not.toBe(access_token);
    expect(signatures()).toBe(2);
  });

  test('D09: whenever it proves the possession of a key', async () => {
    const { ask, signatures } = await reusing();
    const key = await dpopKey();
    const prove = async () => ask('', postingClient, { headers: { DPoP: await signProof(key) } });
    const [first, second] = [await prove(), await prove()];
    expect(second.access_token).not.toBe(first.access_token);
    expect(second.token_type).toBe('DPoP');
    expect((await ask()).token_type).toBe('Bearer');
    expect(signatures()).toBe(3);
  });
});

describe('a token is not given out again', () => {
  test('to a client that has been disabled or lost the scope', async () => {
    const { ask, change, post } = await reusing();
    await ask();
    const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;
    await change({ disabled: true });
    expect((await post(form)).body.error).toBe('invalid_client');
    await change({ grants: new Map([[api, new Set(['read'])]]) });
    expect((await ask()).scope).toBe('read');
  });

  test('where the setting is off', async () => {
    const endpoint = await tokenEndpoint();
    const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;
    const [first, second] = [await endpoint.post(form), await endpoint.post(form)];
    expect(second.body.access_token).not.toBe(first.body.access_token);
  });
});

describe('J05: a token that was issued before its client’s were revoked', () => {
  test.for<[string, (endpoint: Awaited<ReturnType<typeof reusing>>, at: number) => Promise<void>]>([
    [
      'the client',
      ({ register }, tokens_not_before) => register({ ...anyClient, tokens_not_before }),
    ],
    [
      'the resource server',
      ({ registerApi }, tokens_not_before) => registerApi({ tokens_not_before }),
    ],
  ])('is not given out again, where %s says so', async ([, say]) => {
    const endpoint = await reusing();
    const { ask, clock } = endpoint;
    const { access_token } = await ask();
    await say(endpoint, stoppedAt);
    expect((await ask()).access_token).toBe(access_token);
    clock.now = stoppedAt + 1;
    await say(endpoint, stoppedAt + 1);
    const renewed = (await ask()).access_token;
    expect(renewed).not.toBe(access_token);
    expect((await ask()).access_token).toBe(renewed);
  });
});

describe('J05: a token that was revoked by itself', () => {
  const jtiOf = ({ access_token }: { readonly access_token: string }) =>
    String(decodeJwt(access_token).jti);

  test('is given out again for five seconds at most, and then another one', async () => {
    const { ask, clock, table } = await reusing();
    const first = await ask();
    table.revoked.add(jtiOf(first));
    clock.now += 4;
    expect(await ask()).toMatchObject({ access_token: first.access_token });
    clock.now += 1;
    const renewed = await ask();
    expect(renewed.access_token).not.toBe(first.access_token);
    expect(renewed.expires_in).toBe(3600);
    clock.now += 5;
    expect((await ask()).access_token).toBe(renewed.access_token);
    expect(table.asked).toEqual([jtiOf(first), jtiOf(renewed)]);
  });

  test('is looked for once in five seconds, however many ask, and not where none is given out', async () => {
    const { ask, clock, table, signatures } = await reusing(60);
    const first = await ask();
    await Promise.all([ask(), ask()]);
    expect(table.asked).toEqual([]);
    clock.now += 5;
    await Promise.all([ask(), ask(), ask()]);
    clock.now += 4;
    await ask();
    expect(table.asked).toEqual([jtiOf(first)]);
    clock.now += 51;
    await ask();
    expect(table.asked).toEqual([jtiOf(first)]);
    expect(signatures()).toBe(2);
  });

  test('is looked for again where the clock was put back', async () => {
    const { ask, clock, table } = await reusing();
    const first = await ask();
    clock.now += 60;
    await ask();
    clock.now -= 1;
    await ask();
    expect(table.asked).toEqual([jtiOf(first), jtiOf(first)]);
  });

  test('may be any, where that cannot be read: another one is signed, which is good for as long', async () => {
    const { ask, clock, table } = await reusing();
    const first = await ask();
    table.trouble = new Error('throttled');
    clock.now += 5;
    const renewed = await ask();
    expect(renewed.access_token).not.toBe(first.access_token);
    clock.now += 4;
    expect((await ask()).access_token).toBe(renewed.access_token);
    expect(table.asked).toEqual([jtiOf(first)]);
  });

  test('is not taken for good by an answer that an instance has waited for in its sleep', async () => {
    const answers: ((revoked: boolean) => void)[] = [];
    const { table } = revokedTokens();
    const isRevoked = () => new Promise<boolean>((resolve) => answers.push(resolve));
    const { ask, clock } = await reusing(600, { table, isRevoked });
    const first = await ask();
    clock.now += 5;
    const given = [ask()];
    await vi.waitUntil(() => answers.length === 1);
    clock.now += 300;
    given.push(ask());
    await vi.waitUntil(() => answers.length === 2);
    answers[0]?.(false);
    answers[1]?.(true);
    const [asleep, awake] = await Promise.all(given);
    expect(asleep?.access_token).toBe(first.access_token);
    expect(awake?.access_token).not.toBe(first.access_token);
  });
});

describe('J05: the number of a token', () => {
  test('is that of the token that is given out again, and takes no other', async () => {
    const places = [1, 2].map((number) => placeOf(number, issuer));
    const endpoint = await tokenEndpoint();
    const { clock } = endpoint;
    const post = endpoint.another({
      reuse: tokenReuse({ seconds: 600, now: () => clock.now, isRevoked: async () => false }),
      newPlace: () => places.shift(),
    });
    const form = `grant_type=client_credentials&client_id=${postingClient}&client_secret=${client_secret}`;
    const first = (await post(form)).body.access_token;
    expect(decodeJwt(first).status).toEqual({ status_list: placeOf(1, issuer) });
    expect((await post(form)).body.access_token).toBe(first);
    expect(endpoint.audited.map(({ reused }) => reused)).toEqual([undefined, true]);
    expect(places).toHaveLength(1);
  });
});
