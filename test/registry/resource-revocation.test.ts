import { expect, test } from 'vitest';
import { longestAccessTokenLifetime } from '../../functions/oauth/key-times.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { updateClient } from '../../registry/client-update.ts';
import { createClient, findClient } from '../../registry/clients.ts';
import { setDefaultResource } from '../../registry/default-resource.ts';
import {
  checkResourceServerDeletion,
  deleteResourceServer,
} from '../../registry/resource-server-deletion.ts';
import {
  createResourceServer,
  registeredResource,
  requireResourceServer,
} from '../../registry/resource-servers.ts';
import { revokeTokens } from '../../registry/subject-revocation.ts';
import { api, aRegistry, startedAt } from './a-registry.ts';

const noted = (not_before: number, revoked_at: number, id = api) => ({
  kind: 'resource',
  id,
  not_before,
  revoked_at,
  expires_at: not_before + longestAccessTokenLifetime + 60,
});

const subject = { kind: 'resource', id: api } as const;
const force = { force: true };

test('all tokens for a resource server are taken back, and none is given out again', async () => {
  const { registry, ...deployment } = await aRegistry();
  expect(await revokeTokens(registry, subject)).toMatchObject({ isRegistered: true });
  expect(await deployment.noted()).toEqual([noted(startedAt + 1, startedAt)]);
  expect(await requireResourceServer(registry, api)).toMatchObject({
    tokens_not_before: startedAt + 1,
  });
});

test('with a resource server go its tokens, those that instances yet issue, and every right to it', async () => {
  const { registry, ...deployment } = await aRegistry();
  await createClient(registry, { client_id: 'caller', client_name: 'C' });
  const introspection_resources = [api];
  await createClient(registry, { client_id: 'api', client_name: 'A', introspection_resources });
  const losing = await checkResourceServerDeletion(registry, api, force);
  expect(losing.map(({ client_id }) => client_id)).toEqual(['api', 'caller']);
  expect(await deleteResourceServer(registry, api, force)).toEqual(
    noted(startedAt + 331, startedAt),
  );
  expect(await deployment.noted()).toHaveLength(1);
  expect(await findClient(registry, 'caller')).toMatchObject({ grants: new Map() });
  expect(await findClient(registry, 'api')).toMatchObject({ introspection_resources: [] });
});

test('K01 a client that may only introspect does not keep a resource server', async () => {
  const { registry } = await aRegistry();
  const introspection_resources = [api];
  const { client } = await createClient(registry, { client_name: 'A', introspection_resources });
  expect(client).toMatchObject({ grants: new Map(), introspection_resources });
  await deleteResourceServer(registry, api, { force: false });
  await expect(requireResourceServer(registry, api)).rejects.toThrow('there is no resource server');
});

test('one that is deleted is not called so before its tokens are taken back', async () => {
  const { registry, ...deployment } = await aRegistry();
  const note = () => Promise.reject(unavailable(new Error('no answer')));
  const failing = { ...registry, revocations: { ...registry.revocations, note } };
  await expect(deleteResourceServer(failing, api, force)).rejects.toThrow(
    `${api} is deleted, but the tokens for it that are out were not taken back: \`countersign resource revoke-tokens ${api}\` does it`,
  );
  expect(await revokeTokens(registry, subject)).toMatchObject({ isRegistered: false });
  expect(await deployment.noted()).toEqual([noted(startedAt + 331, startedAt)]);
});

test('registered anew, its tokens count from the next second on', async () => {
  const { registry, clock, ...deployment } = await aRegistry();
  await deleteResourceServer(registry, api, force);
  clock.now += 5;
  await createResourceServer(registry, { resource: api, scope: new Set(['read']) });
  expect(await deployment.noted()).toEqual([noted(startedAt + 6, startedAt + 5)]);
  expect(await requireResourceServer(registry, api)).toMatchObject({
    tokens_not_before: startedAt + 6,
  });
});

test('however an identifier is written, the registered one is meant; an unknown one is as it is', async () => {
  const { registry } = await aRegistry();
  expect(await registeredResource(registry, 'https://api.example.com:443/')).toBe(api);
  expect(await registeredResource(registry, 'urn:nobody')).toBe('urn:nobody');
  await createResourceServer(registry, { resource: 'https://b.example', scope: new Set(['a']) });
  // As a release did that did not compare them.
  const item = await registry.store.read({ pk: 'resource#https://b.example' });
  const other = 'https://b.example/';
  await registry.store.replace({ ...item, pk: `resource#${other}`, resource: other });
  await expect(registeredResource(registry, 'https://b.example:443')).rejects.toThrow(
    'write the one that is meant to the letter',
  );
});

test('K01 a client may introspect registered resource servers alone, each named once', async () => {
  const { registry } = await aRegistry();
  const introspection_resources = ['https://api.example.com:443/', api];
  await createClient(registry, { client_id: 'api', client_name: 'A', introspection_resources });
  expect(await findClient(registry, 'api')).toMatchObject({ introspection_resources: [api] });
  await expect(
    updateClient(registry, 'api', { introspection_resources: ['urn:nobody'] }),
  ).rejects.toThrow('there is no resource server urn:nobody');
  await setDefaultResource(registry, api);
  await updateClient(registry, 'api', { client_name: 'B' });
  expect(await findClient(registry, 'api')).toMatchObject({ introspection_resources: [api] });
  await updateClient(registry, 'api', { introspection_resources: [] });
  expect(await findClient(registry, 'api')).toMatchObject({ introspection_resources: [] });
});
