import { describe, expect, test } from 'vitest';
import { dynamodbUses } from '../../functions/aws/dynamodb-last-use.ts';
import type { NoteUse } from '../../functions/oauth/last-use.ts';
import { clientsOfEveryMethod, everyMethod } from '../support/clients-of-every-method.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { serverInMemory, usualClient } from '../support/server-in-memory.ts';
import { api, aSecret, client_id, client_secret, issuer } from '../support/token-endpoint.ts';

/** That clients are used is noted beside their requests. */

async function aServer(noteUse: NoteUse) {
  const server = await serverInMemory({
    token: { noteUse },
    revocation: { noteUse },
    introspection: { noteUse },
  });
  await server.register({
    introspection_resources: [api],
    secrets: [aSecret(client_secret), aSecret('second', { id: 'another' })],
  });
  const handlers = [
    ['/token', 'grant_type=client_credentials', server.handler],
    ['/revoke', 'token=x', server.revocation],
    ['/introspect', 'token=x', server.introspection],
  ] as const;
  return { ...server, handlers };
}

const noted = async () => {
  const uses: (readonly [string, string | undefined])[] = [];
  const server = await aServer((id, secret_id) => void uses.push([id, secret_id]));
  return { uses, ...server };
};

describe('a use is noted', () => {
  test('at each endpoint, with the secret that it was', async () => {
    const { handlers, uses } = await noted();
    for (const [path, body, handler] of handlers) {
      for (const secret of [client_secret, 'second']) {
        const headers = { authorization: basic(client_id, secret) };
        expect(await handler(httpApiEvent({ path, body, headers }))).toMatchObject({
          statusCode: 200,
        });
      }
    }
    expect(uses).toEqual(
      Array.from({ length: 3 }, () => [
        [client_id, 'a-secret'],
        [client_id, 'another'],
      ]).flat(),
    );
  });

  test.each(everyMethod.filter((method) => !/^client_secret|uri|spiffe|federated/.test(method)))(
    'of a client of %s, which has no secret',
    async (method) => {
      const { uses, handler, register } = await noted();
      const asking = await clientsOfEveryMethod[method]({
        client_id: 'secretless',
        issuer,
        published: 'https://client.example.com/keys',
      });
      await register({ ...asking.client, grants: new Map([[api, new Set(['read'])]]) });
      const { statusCode } = await handler(httpApiEvent(await asking.ask(true)));
      expect({ statusCode, uses }).toEqual({ statusCode: 200, uses: [['secretless', undefined]] });
    },
  );

  test('of nobody who is refused', async () => {
    const { uses, post } = await noted();
    await post('grant_type=client_credentials', {
      headers: { authorization: basic(client_id, 'wrong') },
    });
    await post('grant_type=client_credentials&scope=delete', { headers: usualClient });
    expect(uses).toEqual([]);
  });

  test('before the token is signed, so that Lambda rarely freezes it', async () => {
    const order: string[] = [];
    const server = await serverInMemory();
    const { signingKeys } = server.ports;
    const post = server.another({
      noteUse: () => void order.push('noted'),
      signingKeys: {
        ...signingKeys,
        active: () => {
          order.push('signing');
          return signingKeys.active();
        },
      },
    });
    await post('grant_type=client_credentials', { headers: usualClient });
    expect(order).toEqual(['noted', 'signing']);
  });
});

describe('a store in trouble', () => {
  const send = { never: () => new Promise(() => undefined), throws: () => Promise.reject('away') };
  const notes = (how: () => Promise<unknown>, now = () => 0): NoteUse =>
    dynamodbUses({ send: how as never }, 'ephemera', now);

  test.each(Object.entries(send))('that %s answers or throws keeps no request', async (_, how) => {
    const { handlers } = await aServer(notes(how));
    for (const [path, body, handler] of handlers) {
      const answer = await handler(httpApiEvent({ path, body, headers: usualClient }));
      expect(answer).toMatchObject({ statusCode: 200 });
    }
  });

  test('is tried again at a use some seconds later, not at each', async () => {
    let calls = 0;
    let at = 1000;
    const note = notes(
      () => {
        calls += 1;
        return Promise.reject('away');
      },
      () => at,
    );
    for (let second = 0; second < 20; second += 1) {
      note('billing', undefined);
      at += 1;
      await new Promise(setImmediate);
    }
    expect(calls).toBe(2);
  });
});
