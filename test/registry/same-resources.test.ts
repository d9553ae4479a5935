import { beforeAll, expect, test } from 'vitest';
import { resourceServerItem } from '../../functions/aws/registry-items.ts';
import { updateClient } from '../../registry/client-update.ts';
import { createClient } from '../../registry/clients.ts';
import type { Registry } from '../../registry/registry.ts';
import { requireResourceServer } from '../../registry/resource-servers.ts';
import { aResourceServer } from '../support/a-client.ts';
import { memoryRegistryStore } from '../support/memory-registry-store.ts';

/** Resource servers that are the same by RFC 3986, from before a second one was refused. */

const registry: Registry = { store: memoryRegistryStore(), now: () => 1_700_000_000 };
const bare = 'https://twin.example.com';
const slash = `${bare}/`;
const neither = 'https://TWIN.example.com';
const scope = new Set(['read']);

beforeAll(async () => {
  for (const resource of [bare, slash]) {
    await registry.store.create(resourceServerItem(aResourceServer({ resource, scope })));
  }
});

test('F05: each is found by its own text, and neither by another', async () => {
  expect(await requireResourceServer(registry, bare)).toMatchObject({ resource: bare });
  expect(await requireResourceServer(registry, slash)).toMatchObject({ resource: slash });
  await expect(requireResourceServer(registry, neither)).rejects.toThrow(
    `${neither} may be ${bare} and ${slash}: write the one that is meant to the letter`,
  );
});

test('F05: a client may have a grant at each, and loses the one that is named', async () => {
  const grants = new Map([bare, slash].map((resource) => [resource, scope]));
  const client = { client_id: 'twins', client_name: 'Twins' };
  await createClient(registry, { ...client, grants });
  await expect(updateClient(registry, 'twins', { removedGrants: [neither] })).rejects.toThrow(
    `the client twins has several grants for ${neither}`,
  );
  const left = await updateClient(registry, 'twins', { removedGrants: [bare] });
  expect([...left.grants.keys()]).toEqual([slash]);
  await expect(updateClient(registry, 'twins', { removedGrants: ['urn:x'] })).rejects.toThrow(
    'the client twins has no grant for urn:x',
  );
});
