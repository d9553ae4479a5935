import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../functions/aws/item.ts';
import {
  clientItem,
  parseClient,
  parseResourceServer,
  resourceServerItem,
} from '../../functions/aws/registry-items.ts';
import { aClient, aResourceServer, aSecret } from '../support/token-endpoint.ts';

const stored = (item: Item): Item => unmarshall(marshall(item, { removeUndefinedValues: true }));

describe('items of the registry', () => {
  test('a client comes back as it was written', () => {
    const client = aClient({
      grants: new Map([
        ['https://a.example.com', new Set(['read', 'write'])],
        ['https://b.example.com', new Set<string>()],
      ]),
      secrets: [aSecret('one'), aSecret('two', { expires_at: 1_800_000_000 })],
      access_token_lifetime: 60,
    });
    expect(parseClient(stored(clientItem(client)))).toEqual(client);
  });

  test('a resource server comes back as it was written', () => {
    const server = aResourceServer({ access_token_lifetime: 60 });
    expect(parseResourceServer(stored(resourceServerItem(server)))).toEqual(server);
  });

  test.for([
    ['client_id', undefined],
    ['client_name', 7],
    ['token_endpoint_auth_method', 'none'],
    ['grant_types', 'client_credentials'],
    ['grants', 'all'],
    ['grants', { 'https://a.example.com': ['read'] }],
    ['grants', { 'https://a.example.com': 'read  write' }],
    ['secrets', undefined],
    ['secrets', ['gX1fBat3bV']],
    ['secrets', [{ id: 'a', hash: 'b', created_at: 1, expires_at: 'never' }]],
    ['created_at', '2026'],
    ['access_token_lifetime', '3600'],
  ] as const)('a client with a malformed %s is no client: %o', ([name, value]) => {
    const item = { ...clientItem(aClient()), [name]: value };
    expect(() => parseClient(item)).toThrow();
  });

  test.for([undefined, null, 0, 'false'])(
    'a client whose disabled is %o is disabled',
    (disabled) => {
      expect(parseClient({ ...clientItem(aClient()), disabled }).disabled).toBe(true);
    },
  );
});
