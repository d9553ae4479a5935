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

const rule = {
  issuer: 'https://platform.example.com',
  subject: 'a',
  audience: 'https://as.example.com',
  claims: {},
  max_lifetime: 3600,
};

describe('items of the registry', () => {
  test('a client comes back as it was written', () => {
    const client = aClient({
      grants: new Map([
        ['https://a.example.com', new Set(['read', 'write'])],
        ['https://b.example.com', new Set<string>()],
      ]),
      secrets: [aSecret('one'), aSecret('two', { expires_at: 1_800_000_000 })],
      access_token_lifetime: 60,
      introspection_resources: ['https://a.example.com'],
      tokens_not_before: 1_700_000_001,
    });
    expect(parseClient(stored(clientItem(client)))).toEqual(client);
  });

  test('a resource server comes back as it was written', () => {
    const server = aResourceServer({
      access_token_lifetime: 60,
      tokens_not_before: 1_700_000_001,
    });
    expect(parseResourceServer(stored(resourceServerItem(server)))).toEqual(server);
  });

  test('a client of a release that knew less comes back with what there was not', () => {
    const { strict_assertion_audience, trust, ...item } = clientItem(aClient());
    const { dpop_bound_access_tokens, tls_client_certificate_bound_access_tokens, ...older } = item;
    const { introspection_resources, ...old } = older;
    expect(parseClient(stored(old))).toEqual(aClient());
  });

  test('what a later release added to a client or a resource server is ignored', () => {
    const [client, server] = [aClient(), aResourceServer()];
    const later = { revision: 7, invented_later: true };
    expect(parseClient({ ...clientItem(client), ...later })).toEqual(client);
    expect(parseResourceServer({ ...resourceServerItem(server), ...later })).toEqual(server);
  });

  test.for([
    ['client_id', undefined],
    ['client_name', 7],
    ['token_endpoint_auth_method', 'none'],
    ['grant_types', 'client_credentials'],
    ['grants', 'all'],
    ['grants', { 'https://a.example.com': ['read'] }],
    ['grants', { 'https://a.example.com': 'read  write' }],
    ['grants', null],
    ['secrets', undefined],
    ['secrets', ['gX1fBat3bV']],
    ['secrets', [{ id: 'a', hash: 'b', created_at: 1, expires_at: 'never' }]],
    ['jwks', { keys: [{ kid: 'no kty' }] }],
    ['jwks', [{ kty: 'RSA' }]],
    ['jwks_uri', null],
    ['tls_client_auth_san_dns', ['a.example.com']],
    ['strict_assertion_audience', 'yes'],
    ['dpop_bound_access_tokens', 'true'],
    ['tls_client_certificate_bound_access_tokens', 1],
    ['created_at', '2026'],
    ['access_token_lifetime', '3600'],
    ['introspection_resources', 'https://a.example.com'],
    ['introspection_resources', [7]],
    ['tokens_not_before', '1700000001'],
    ['trust', {}],
    ['trust', [{ ...rule, issuer: undefined }]],
    ['trust', [{ ...rule, claims: undefined }]],
    ['trust', [{ ...rule, claims: { ref: null } }]],
    ['trust', [{ ...rule, claims: { nested: [{ ref: undefined }] } }]],
    ['trust', [{ ...rule, single_use: 'no' }]],
    ['trust', [{ ...rule, not_before: 1_800_000_000 }]],
    ...['constructor', 'prototype', 'toString', 'audiences', 'claim'].map(
      (name) => ['trust', [{ ...rule, [name]: 'a' }]] as const,
    ),
    ['trust', [JSON.parse(`{"__proto__": "a", ${JSON.stringify(rule).slice(1)}`)]],
    ['trust', [{ ...rule, claims: [] }]],
    ['trust', [{ ...rule, claims: ['a'] }]],
    ['trust', [{ ...rule, claims: 'a' }]],
    ['trust', [{ ...rule, claims: { ref: {} } }]],
    ['trust', [{ ...rule, claims: { ref: { in: [] } } }]],
    ['trust', [{ ...rule, subject: undefined }]],
    ['trust', [{ ...rule, subject_glob: 'a:*' }]],
    ['trust', [{ ...rule, subject: undefined, subject_glob: '*' }]],
    ['trust', [{ ...rule, subject: undefined, subject_glob: '**' }]],
    ['trust', [{ ...rule, subject: undefined, subject_glob: '' }]],
    ['trust', [{ ...rule, max_lifetime: 59 }]],
    ['trust', [{ ...rule, max_lifetime: 2_592_001 }]],
    ['trust', [{ ...rule, max_lifetime: 60.5 }]],
    ['trust', [[rule]]],
    ['trust', ['a']],
    ['trust', [null]],
  ] as const)('a client with a malformed %s is no client: %o', ([name, value]) => {
    const item = { ...clientItem(aClient()), [name]: value };
    expect(() => parseClient(item)).toThrow(
      new RegExp(`^registry item client#s6BhdRkqt3: (missing|malformed) ${name}`),
    );
  });

  test('the error names the item and all that is wrong in it, and no value', () => {
    const secrets = [{ id: 'a', hash: 7, created_at: 1 }, aSecret('two')];
    const item = {
      ...clientItem(aClient()),
      secrets,
      client_name: ['sha256:x'],
      grants: undefined,
    };
    expect(() => parseClient(item)).toThrow(
      new Error(
        'registry item client#s6BhdRkqt3: malformed client_name, missing grants, malformed secrets.0.hash',
      ),
    );
  });

  test('a rule keeps each of its claims, whatever they are called', () => {
    const claims = { constructor: 'a', prototype: { toString: [1, true, { b: 'c' }] } };
    const item = { ...clientItem(aClient()), trust: [{ ...rule, claims }] };
    expect(parseClient(item).trust).toEqual([{ ...rule, claims, single_use: true }]);
  });

  test.for([
    ['scope', 'read  write'],
    ['scope', undefined],
    ['resource', 7],
    ['access_token_lifetime', '3600'],
    ['tokens_not_before', null],
  ] as const)('a resource server with a malformed %s is none: %o', ([name, value]) => {
    const item = { ...resourceServerItem(aResourceServer()), [name]: value };
    expect(() => parseResourceServer(item)).toThrow(
      new RegExp(`^registry item resource#https://api.example.com: (missing|malformed) ${name}$`),
    );
  });

  test.for([undefined, null, 0, 'false'])(
    'a client whose disabled is %o is disabled',
    (disabled) => {
      expect(parseClient({ ...clientItem(aClient()), disabled }).disabled).toBe(true);
    },
  );

  test('members that an item inherits are none of its own', () => {
    const { grants, ...rest } = stored(clientItem(aClient()));
    const attributes = marshall({ ...rest, secrets: [] }, { removeUndefinedValues: true });
    const value = { M: marshall({ grants }) };
    Object.defineProperty(attributes, '__proto__', { value, enumerable: true });
    expect(() => parseClient(unmarshall(attributes))).toThrow(
      /^registry item client#\S+: malformed __proto__$/,
    );
  });
});
