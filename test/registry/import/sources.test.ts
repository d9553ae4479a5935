import { expect, test } from 'vitest';
import { readAuth0 } from '../../../registry/import/sources/auth0.ts';
import { readCognito } from '../../../registry/import/sources/cognito.ts';
import { readHydra } from '../../../registry/import/sources/hydra.ts';
import { readJson } from '../../../registry/import/sources/json.ts';
import { readKeycloak } from '../../../registry/import/sources/keycloak.ts';
import { samples } from './sample.ts';

/** What each system really gives, and what of it is read. */

const read = readHydra(samples('hydra-clients.json', 'hydra-secrets.json'));

test('a client of Hydra has the hash of the table, its scopes at each audience, and its lifetime', () => {
  expect(read.clients.map(({ place, ...client }) => client)).toEqual([
    {
      client_id: 'orders-batch',
      members: {
        client_name: 'Nightly orders',
        token_endpoint_auth_method: 'client_secret_basic',
        access_token_lifetime: 900,
      },
      grants: [{ audience: 'https://orders.example.com', scopes: ['orders:read', 'orders:write'] }],
      namesAudiences: true,
      secrets: [{ hash: expect.stringMatching(/^\$pbkdf2-sha256\$i=25000,l=32\$/) }],
      notes: [],
    },
    expect.objectContaining({
      client_id: 'reports',
      grants: [
        { audience: 'billing', scopes: ['billing.*'] },
        { audience: 'https://orders.example.com', scopes: ['billing.*'] },
      ],
      notes: ['the scope billing.* is a pattern in Hydra; here it is one scope'],
    }),
    expect.objectContaining({
      client_id: 'signer',
      members: expect.objectContaining({
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [expect.objectContaining({ kid: 'one' })] },
      }),
      grants: [{ scopes: ['ledger'] }],
      secrets: [],
    }),
  ]);
  expect(read.leftOut).toEqual([
    {
      place: 'hydra-clients.json[0]',
      id: expect.any(String),
      reason: 'its grant_types are authorization_code and refresh_token, not client_credentials',
    },
  ]);
});

test('a client of Hydra whose hash is not there is a problem that says where to get it', () => {
  const { problems } = readHydra(samples('hydra-clients.json'));
  const sentence =
    'client_secret: no row of the table hydra_client has its hash; the admin API does not give it out';
  expect(problems).toEqual([
    { place: 'hydra-clients.json[1]', id: 'orders-batch', sentence },
    { place: 'hydra-clients.json[2]', id: 'reports', sentence },
  ]);
});

test('a client of Keycloak has its secret, key or subject, and scopes at the audiences of its mappers', () => {
  const { clients, leftOut, problems } = readKeycloak(samples('keycloak-export.json'));
  const byId = new Map(clients.map((client) => [client.client_id, client]));
  expect(byId.get('orders-batch')).toEqual({
    place: expect.stringMatching(/^keycloak-export.json clients\[\d\]$/),
    client_id: 'orders-batch',
    members: {
      client_name: 'Nightly orders',
      token_endpoint_auth_method: 'client_secret_basic',
      access_token_lifetime: 900,
    },
    grants: [{ audience: 'https://orders.example.com', scopes: ['orders:read', 'orders:write'] }],
    secrets: [{ plain: 'kcThrowAway0Xv5nQ2bT8yLw3RzP7dF1m' }],
    notes: ['a request without scope gets its optional client scopes, too'],
  });
  expect(byId.get('reports')).toMatchObject({
    members: { access_token_lifetime: 600 },
    grants: [{ audience: 'billing-api', scopes: ['billing'] }],
    notes: ['the mapper department does not come along; claims can do so'],
  });
  expect(byId.get('ledger signer')?.members).toMatchObject({
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ kid: 'one' }] },
  });
  expect(byId.get('edge')?.members).toMatchObject({
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=edge.example.com,O=Example',
    tls_client_certificate_bound_access_tokens: true,
  });
  expect(leftOut.map(({ id, reason }) => [id, reason])).toEqual([
    ['account', 'it is a public client'],
    ['admin-cli', 'it is a public client'],
    ['billing-api', 'it is an API (bearer-only), which gets no tokens'],
    ['web-shop', expect.stringMatching(/^it has no service account/)],
  ]);
  expect(problems).toEqual([
    {
      place: expect.any(String),
      id: 'shared-jwt',
      sentence:
        'clientAuthenticatorType: client-secret-jwt signs with the secret itself, of which we keep a hash alone',
    },
  ]);
});

test("of a partial export of Keycloak's no secret is taken, for they are masked", () => {
  const { clients, problems } = readKeycloak(samples('keycloak-partial-export.json'));
  expect(clients).toEqual([]);
  expect(problems).toEqual([
    {
      place: 'keycloak-partial-export.json clients[0]',
      id: 'orders-batch',
      sentence: 'secret: it is masked, as in a partial export; kc.sh export has the secrets',
    },
  ]);
});

/** A realm with one client that has these members beside the usual ones. */
const realm = (client: object) =>
  readKeycloak([
    {
      place: 'realm.json',
      value: { clients: [{ clientId: 'one', serviceAccountsEnabled: true, ...client }] },
    },
  ]);

test('a secret of Keycloak that was rotated comes along with its end', () => {
  const attributes = {
    'client.secret.rotated': 'before',
    'client.secret.rotated.expiration.time': '1900000000',
  };
  expect(realm({ secret: 'now', attributes }).clients[0]?.secrets).toEqual([
    { plain: 'now' },
    { plain: 'before', expires_at: 1_900_000_000 },
  ]);
});

test('what Keycloak keeps elsewhere, or compares by patterns, is a problem', () => {
  const problemOf = (client: object) => realm(client).problems[0]?.sentence;
  expect(problemOf({ secret: `$${'{vault.one}'}` })).toMatch(/^secret: it is in Keycloak's vault/);
  expect(problemOf({})).toBe('secret: it is missing');
  expect(problemOf({ clientAuthenticatorType: 'own-spi' })).toBe(
    'clientAuthenticatorType: own-spi is none of ours',
  );
  expect(problemOf({ clientAuthenticatorType: 'client-jwt' })).toBe(
    'attributes: there is no key of the client',
  );
  const attributes = { 'x509.subjectdn': '.*', 'x509.allow.regex.pattern.comparison': 'true' };
  expect(problemOf({ clientAuthenticatorType: 'client-x509', attributes })).toMatch(
    /^x509.subjectdn: it is a regular expression/,
  );
});

const cognito = [
  'cognito-nightly-orders.json',
  'cognito-reports.json',
  'cognito-web-shop.json',
  'cognito-resource-servers.json',
];

test('a client of Cognito has its scopes as they are, by the resource server before the last slash', () => {
  const { clients, servers, leftOut, problems } = readCognito(samples(...cognito));
  expect(clients).toEqual([
    {
      place: 'cognito-nightly-orders.json UserPoolClient',
      client_id: '148cd67d685d4f28b3b34c6f07',
      members: { client_name: 'nightly-orders', access_token_lifetime: 900 },
      grants: [{ audience: 'orders', scopes: ['orders/read', 'orders/write'] }],
      secrets: [{ plain: expect.stringMatching(/^[0-9a-z]{51}$/) }],
      notes: [],
    },
    expect.objectContaining({
      members: { client_name: 'reports', access_token_lifetime: 3600 },
      grants: [
        { audience: 'orders', scopes: ['orders/read'] },
        {
          audience: 'https://billing.example.com',
          scopes: ['https://billing.example.com/invoices'],
        },
      ],
    }),
  ]);
  expect(servers.map(({ audience, scopes }) => [audience, scopes])).toEqual([
    ['orders', ['orders/read', 'orders/write']],
    ['https://billing.example.com', ['https://billing.example.com/invoices']],
  ]);
  expect(leftOut.map(({ reason }) => reason)).toEqual([
    'its flows are code, not client_credentials',
  ]);
  expect(problems).toEqual([]);
});

test('what list-user-pool-clients of Cognito prints has no secrets, and is refused', () => {
  const value = { UserPoolClients: [{ ClientId: 'one', UserPoolId: 'p', ClientName: 'One' }] };
  expect(readCognito([{ place: 'list.json', value }]).problems).toEqual([
    {
      place: 'list.json UserPoolClients[0]',
      id: 'one',
      sentence:
        'ClientSecret: it is missing; aws cognito-idp describe-user-pool-client prints it, list-user-pool-clients does not',
    },
  ]);
});

test("a client of Auth0 has its grants, but for Auth0's own API", () => {
  const { clients, servers, leftOut, problems } = readAuth0(samples('auth0.json'));
  expect(clients).toEqual([
    {
      place: 'auth0.json clients[0]',
      client_id: 'Xk29QdPq7bVn4RtYw8LmZs3HcJf6Tg1A',
      members: { client_name: 'Nightly orders', token_endpoint_auth_method: 'client_secret_post' },
      grants: [{ audience: 'https://orders.example.com', scopes: ['read:orders', 'write:orders'] }],
      namesAudiences: true,
      secrets: [{ plain: expect.stringMatching(/^throwAway/) }],
      notes: ["its grant for Auth0's own Management API is left out"],
    },
  ]);
  expect(servers).toEqual([
    {
      place: 'auth0.json resource_servers[0]',
      audience: 'https://orders.example.com',
      scopes: ['read:orders', 'write:orders'],
      access_token_lifetime: 172_800,
    },
  ]);
  expect(leftOut.map(({ id, reason }) => [id.slice(0, 4), reason])).toEqual([
    ['Wb72', 'it is a public client'],
    ['Gl00', "it is the tenant's own client"],
    ['http', "it is Auth0's own API"],
  ]);
  expect(problems.map(({ sentence }) => sentence)).toEqual([
    'client_authentication_methods: it authenticates by private_key_jwt, and Auth0 does not give out the key; register it with its key or certificate',
  ]);
});

test("what Auth0's Deploy CLI writes names the client of a grant by its name", () => {
  const { clients, problems } = readAuth0(samples('auth0-deploy-cli.yaml'));
  expect(clients.map(({ grants }) => grants)).toEqual([
    [{ audience: 'https://orders.example.com', scopes: ['read:orders'] }],
  ]);
  expect(problems).toEqual([
    {
      place: 'auth0-deploy-cli.yaml clients[1]',
      id: 'Without secret',
      sentence:
        'client_id: it is missing; the Deploy CLI writes it with AUTH0_EXPORT_IDENTIFIERS=true',
    },
  ]);
});

test('our own form has a declared client, with its secret or the hash of it', () => {
  const { clients, servers } = readJson(samples('clients.json'));
  expect(servers).toMatchObject([
    { audience: 'https://orders.example.com', scopes: ['read', 'write'] },
  ]);
  expect(clients).toMatchObject([
    {
      client_id: 'with-a-secret',
      members: { client_name: 'With a secret' },
      secrets: [{ plain: 'throw-away-Xv5nQ2bT8yLw3RzP7dF1mK9hJ4sG6aV0' }],
    },
    {
      client_id: 'with-a-hash',
      members: {},
      secrets: [{ hash: expect.stringMatching(/^\$2b\$12\$/), expires_at: 1_900_000_000 }],
    },
  ]);
});

test.for([
  ['a text', 'clients'],
  ['nothing', null],
  ['a list of numbers', [1, 2]],
  ['members of other kinds', { clients: [{ client_id: 7, clientId: [], ClientId: {} }, 'x'] }],
] as const)('%s is no client of any system, and no fault of ours', ([, value]) => {
  for (const readSource of [readAuth0, readCognito, readHydra, readJson, readKeycloak]) {
    const { clients, problems } = readSource([{ place: 'a.json', value }]);
    expect(clients).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  }
});
