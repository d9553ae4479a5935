import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { clientMembers, resourceServerMembers } from '../../../registry/declared/members.ts';
import { readDeclaration } from '../../../registry/declared/read-declaration.ts';
import { declarationSchema } from '../../../registry/declared/schema/json-schema.ts';
import { platforms, presetMembers } from '../../../registry/trust/presets.ts';
import { api, issuer } from '../../support/a-client.ts';
import { declaredByMethod } from './clients.ts';

/** What editors are told of a file is what its reader says. */

const bySchema = new Ajv({ strict: true }).compile(declarationSchema());
const isRead = async (value: unknown) =>
  (await readDeclaration(value, issuer)).problems.length === 0;

const pages = ['clients-as-code.md'].map((name) =>
  readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8'),
);
const samples = pages
  .flatMap((page) => [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)])
  .map(([, yaml = '']) => yaml)
  .filter((yaml) => /^(clients|resource_servers):/m.test(yaml));

test('the samples of the page are right', async () => {
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples.map((yaml) => parse(yaml))) {
    expect([sample, bySchema(sample), await isRead(sample)]).toEqual([sample, true, true]);
  }
});

test('editors know the presets of all platforms', () => {
  const text = JSON.stringify(declarationSchema());
  for (const platform of platforms) expect(text).toContain(`"${platform}"`);
  for (const [name] of presetMembers()) expect(text).toContain(`"${name}":{`);
});

test.for(declaredByMethod)('a client of %s is right', async ([, client]) => {
  const file = { $schema: './x.json', clients: [client] };
  expect([bySchema(file), await isRead(file)]).toEqual([true, true]);
});

const right = { client_id: 'c', resource: api, scope: 'read' };
const withMember = (list: string, name: string, value: unknown) => {
  const needed = list === 'clients' ? ['client_id'] : ['resource', 'scope'];
  const members = needed.map((needed) => [needed, right[needed as keyof typeof right]]);
  return { [list]: [{ ...Object.fromEntries(members), [name]: value }] };
};

/** Wrong values that a schema can tell, of a member of each list. */
const wrong: Readonly<Record<string, readonly unknown[]>> = {
  client_id: ['a b', '', 'a'.repeat(201), '-a', 7],
  client_name: ['x'.repeat(201), 7],
  token_endpoint_auth_method: ['none', 7],
  secret: ['x', {}, { secrets_manager: 'a b' }, { secrets_manager: 'a', more: 1 }],
  jwks: [{}, 'x', { keys: 7 }, { keys: [7] }],
  jwks_uri: [7],
  strict_assertion_audience: ['true'],
  trust: [
    {},
    'x',
    [7],
    [{ platform: 'gitbucket' }],
    [{ platform: 'github', repository: 7 }],
    [{ issuer: 'https://ci.example.com', subject: 'x', max_lifetime: 59 }],
    [{ issuer: 'https://ci.example.com', subject: 'x', single_use: 'no' }],
  ],
  tls_client_auth_subject_dn: [7],
  tls_client_auth_san_dns: [7],
  tls_client_auth_san_uri: [7],
  tls_client_auth_san_ip: [7],
  tls_client_auth_san_email: [7],
  spiffe_id: [7],
  spiffe_bundle_endpoint: [7],
  grants: [[], 'x', { [api]: 7 }, { [api]: 'x'.repeat(2049) }],
  access_token_lifetime: [59, 86_401, 60.5, '60'],
  dpop_bound_access_tokens: ['true', 1],
  tls_client_certificate_bound_access_tokens: ['true', 1],
  introspection_resources: ['x', [7], [`${api}/${'x'.repeat(500)}`]],
  claims: ['x', 7],
  disabled: ['no', 0],
  resource: [7, `${api}/${'x'.repeat(500)}`],
  scope: [7, 'x'.repeat(2049)],
  unknown: [1],
};

const members = [
  ...Object.keys(clientMembers).map((name) => ['clients', name] as const),
  ...Object.keys(resourceServerMembers).map((name) => ['resource_servers', name] as const),
  ['clients', 'unknown'] as const,
  ['resource_servers', 'unknown'] as const,
];

describe('what is wrong by the schema is wrong by the reader', () => {
  test.for(members)('%s %s', async ([list, name]) => {
    expect(wrong[name]).not.toEqual([]);
    for (const value of [...(wrong[name] ?? []), null]) {
      const file = withMember(list, name, value);
      expect([value, bySchema(file), await isRead(file)]).toEqual([value, false, false]);
    }
  });

  test.for([[{ clients: {} }], [{ resource_servers: 7 }], [{ client: [] }], [[]], [7], [null]])(
    '%j',
    async ([file]) => {
      expect([bySchema(file), await isRead(file)]).toEqual([false, false]);
    },
  );

  test('what must be there', async () => {
    for (const file of [{ clients: [{}] }, { resource_servers: [{ resource: api }] }]) {
      expect([bySchema(file), await isRead(file)]).toEqual([false, false]);
    }
  });
});
