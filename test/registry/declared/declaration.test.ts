import { describe, expect, test } from 'vitest';
import { readDeclaration } from '../../../registry/declared/read-declaration.ts';
import { api, issuer } from '../../support/a-client.ts';
import { declaredByMethod } from './clients.ts';

/** What is written, read: clients and resource servers, and what is wrong with them. */

const read = (value: unknown) => readDeclaration(value, issuer);

async function problemsOf(client: object): Promise<readonly string[]> {
  const { declaration, problems } = await read({ clients: [{ client_id: 'c', ...client }] });
  if (problems.length > 0) expect(declaration.clients).toEqual([]);
  return problems.map(({ place, sentence }) => `${place}: ${sentence}`);
}

test.for(declaredByMethod)('a client of %s is read as it is written', async ([, client]) => {
  expect(await read({ clients: [client] })).toEqual({
    declaration: { resource_servers: [], clients: [client] },
    problems: [],
  });
});

test('what is not said has its default', async () => {
  const { declaration } = await read({
    resource_servers: [{ resource: 'HTTPS://API.example.com:443', scope: 'write read' }],
    clients: [{ client_id: 'c' }],
  });
  expect(declaration).toEqual({
    resource_servers: [{ resource: api, scope: 'read write' }],
    clients: [
      { client_id: 'c', client_name: 'c', token_endpoint_auth_method: 'client_secret_basic' },
    ],
  });
});

test('a bad record is left out, and the rest stays', async () => {
  const { declaration, problems } = await read({
    clients: [
      { client_id: 'a' },
      { client_id: 'b', grants: { [api]: 'a  b' } },
      { client_id: 'c' },
    ],
  });
  expect(declaration.clients.map(({ client_id }) => client_id)).toEqual(['a', 'c']);
  expect(problems).toEqual([
    {
      place: `clients[1].grants["${api}"]`,
      path: ['clients', 1, 'grants', api],
      sentence: expect.stringContaining('a scope is words parted by one space'),
    },
  ]);
});

test('of two with one client_id, or one identifier, the second is left out', async () => {
  const { declaration, problems } = await read({
    resource_servers: [
      { resource: api, scope: 'read' },
      { resource: `${api}/`, scope: 'write' },
    ],
    clients: [{ client_id: 'c' }, { client_id: 'c', client_name: 'Another' }],
  });
  expect(declaration.clients).toHaveLength(1);
  expect(declaration.resource_servers).toEqual([{ resource: api, scope: 'read' }]);
  expect(problems.map(({ place, sentence }) => `${place} ${sentence}`)).toEqual([
    'resource_servers[1] is there already, as resource_servers[0]',
    'clients[1] is there already, as clients[0]',
  ]);
});

test('of 10,000 clients the ten that are wrong are named, and the others are read', async () => {
  const wrong = (index: number) => index % 1000 === 999;
  const clients = Array.from({ length: 10_000 }, (_, index) => ({
    client_id: `client-${index}`,
    grants: { [api]: wrong(index) ? 'a  b' : 'a' },
  }));
  const { declaration, problems } = await read({ clients });
  expect(declaration.clients).toHaveLength(9990);
  expect(problems.map(({ path }) => path[1])).toEqual(
    [...clients.keys()].filter((index) => wrong(index)),
  );
});

describe('the member and the rule', () => {
  const clients: readonly (readonly [object, RegExp])[] = [
    [{ client_id: 7 }, /^clients\[0\]\.client_id: must be a text$/],
    [{ client_id: undefined }, /^clients\[0\]\.client_id: is missing$/],
    [{ client_id: 'a b' }, /^clients\[0\]\.client_id: a client_id is 1 to 200 of/],
    [{ client_id: 'a'.repeat(201) }, /client_id: a client_id is 1 to 200 of/],
    [{ client_name: 'x'.repeat(201) }, /client_name: a client_name is 1 to 200 printable/],
    [{ client_name: ' x' }, /client_name: a client_name is/],
    [{ clientName: 'x' }, /clientName: is no member that is known: is client_name meant\?/],
    [{ constructor: 'x' }, /constructor: is no member that is known/],
    [{ secrets: [] }, /secrets: is no member that is known/],
    [{ secret: {} }, /secret\.secrets_manager: is missing/],
    [{ secret: { secrets_manager: 'a b' } }, /secret\.secrets_manager: must be the name or/],
    [{ token_endpoint_auth_method: 'none' }, /auth_method: must be one of client_secret_basic,/],
    [{ grants: [] }, /grants: must be an object: resource server -> scope/],
    [{ grants: { [api]: 7 } }, /grants\["https:\/\/api.example.com"\]: must be a text/],
    [{ grants: { [api]: 'x'.repeat(2049) } }, /of 2048 characters at most/],
    [{ grants: { nothing: 'read' } }, /grants: a resource must be an absolute URI/],
    [{ grants: { constructor: 'read' } }, /grants: a resource must be an absolute URI/],
    [{ grants: { [`${api}/${'x'.repeat(500)}`]: '' } }, /must not be longer than 500/],
    [{ grants: { [api]: '', 'HTTPS://api.example.com': '' } }, /there are two grants for/],
    [{ introspection_resources: ['x'] }, /introspection_resources\[0\]: a resource must be/],
    [{ access_token_lifetime: 59 }, /access_token_lifetime: a token lifetime is a whole/],
    [{ access_token_lifetime: '60' }, /access_token_lifetime: must be a number of seconds/],
    [{ claims: { iss: 'x' } }, /claims: .*\biss\b/],
    [{ claims: [] }, /claims: /],
    [{ disabled: 'no' }, /disabled: must be true or false/],
    [
      { jwks_uri: 'https://client.example/jwks' },
      /jwks_uri: is nothing .* client_secret_basic, which is the default, uses$/,
    ],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, /: private_key_jwt needs jwks or jwks_uri/],
    [{ token_endpoint_auth_method: 'federated' }, /: federated needs trust/],
    [
      { token_endpoint_auth_method: 'spiffe_jwt', spiffe_id: 'spiffe://a.example/b' },
      /needs spiffe_bundle/,
    ],
    [
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: 'http://client.example/jwks',
      },
      /jwks_uri: jwks_uri must be an https URL/,
    ],
    [
      {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: 'https://client.example/jwks',
        jwks: { keys: [{ kty: 'EC' }] },
      },
      /jwks_uri: does not go with jwks|jwks: does not go with jwks_uri/,
    ],
    [
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'oct', k: 'x' }] } },
      /jwks: jwks holds a private or shared key/,
    ],
    [
      {
        token_endpoint_auth_method: 'federated',
        trust: [{ platform: 'github', repository: 'x' }],
      },
      /trust: repository of a rule for github/,
    ],
    [
      {
        token_endpoint_auth_method: 'federated',
        trust: [{ issuer: 'https://ci.example.com', subject: 'x', max_lifetime: 1.5 }],
      },
      /trust: the trust rule has a max_lifetime that is no whole number/,
    ],
    [
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: '*.example.com' },
      /tls_client_auth_san_dns: must be a DNS name without a wildcard/,
    ],
    [
      {
        token_endpoint_auth_method: 'federated',
        secret: { secrets_manager: 'x' },
        trust: [{ platform: 'github', repository: 'octo-org/app' }],
      },
      /secret: is nothing that federated uses/,
    ],
  ];

  test.for(clients.map(([client, expected]) => [expected, client] as const))(
    '%s',
    async ([expected, client]) => {
      const problems = await problemsOf(client);
      expect(problems).toEqual([expect.stringMatching(expected)]);
    },
  );

  test.for<[unknown, string]>([
    [[], 'the whole: must be an object'],
    [{ clients: {} }, 'clients: must be a list'],
    [{ client: [] }, 'client: is no member that is known: is clients meant?'],
    [{ clients: [null] }, 'clients[0]: must be an object'],
    [{ resource_servers: [{ resource: api }] }, 'resource_servers[0].scope: is missing'],
    [
      { resource_servers: [{ resource: api, scope: '', claims: { exp: 1 } }] },
      'resource_servers[0].claims: ',
    ],
    [{ resource_servers: [{ resource: 'x#y', scope: '' }] }, 'must not have a fragment'],
  ])('%j', async ([value, expected]) => {
    const { problems } = await read(value);
    const told = problems.map(({ place, sentence }) => `${place}: ${sentence}`);
    expect(told).toEqual([expect.stringContaining(expected)]);
  });
});
