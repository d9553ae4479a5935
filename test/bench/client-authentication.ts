import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { parseAssertionKeys } from '../../functions/oauth/assertion-keys.ts';
import type { AuthMethod, Client } from '../../functions/oauth/client.ts';
import { hashClientSecret, newClientSecret } from '../../functions/oauth/client-secret.ts';
import { createHandler } from '../../functions/token/handler.ts';
import { authority, certificate } from '../support/certificates.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { testKey } from '../support/test-key.ts';

/**
 * `npm run bench`: what each method of client authentication costs the token function, in
 * milliseconds of one core, beside client_secret_basic. The stores and the signing key answer at
 * once, so that what is left is our work. A single-use assertion costs one write of DynamoDB more.
 */

const rounds = 7;
const requests = 400;
const issuer = 'https://as.example.com';
const api = 'https://api.example.com';
const client_secret = newClientSecret();

interface Contestant {
  readonly name: string;
  readonly client: Partial<Client> & { readonly token_endpoint_auth_method: AuthMethod };
  readonly event: () => Promise<object>;
}

const form = (parameters: Readonly<Record<string, string>>): string =>
  new URLSearchParams({ grant_type: 'client_credentials', ...parameters }).toString();

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** By an assertion that is signed with this algorithm: by the client itself, or by its platform. */
async function byAssertion(
  alg: string,
  method: 'private_key_jwt' | 'federated',
): Promise<Contestant> {
  const key = await testKey(alg);
  const client_id = `${method} ${alg}`;
  const iss = method === 'federated' ? 'https://platform.example.com' : client_id;
  platformKeys.set(iss, parseAssertionKeys({ keys: [key.jwk] }));
  const rule = { issuer: iss, subject: client_id, subject_glob: undefined, audience: issuer };
  return {
    name: client_id,
    client: {
      client_id,
      token_endpoint_auth_method: method,
      jwks: { keys: [key.jwk] },
      trust: [{ ...rule, claims: { ref: 'main' }, single_use: true, max_lifetime: 3600 }],
    },
    async event() {
      const assertion = new SignJWT({ iss, sub: client_id, aud: issuer, ref: 'main' })
        .setProtectedHeader({ alg, kid: key.kid })
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime('9m');
      const client_assertion = await assertion.sign(key.privateKey);
      const parameters = { client_id, client_assertion_type: jwtBearer, client_assertion };
      return httpApiEvent({ body: form(parameters) });
    },
  };
}

async function byCertificate(): Promise<Contestant> {
  const client_id = 'tls_client_auth';
  const { cert } = await certificate({ issuer: authority(), subject: 'O=Example,CN=billing' });
  const tls_client_auth_subject_dn = 'CN=billing,O=Example';
  return {
    name: client_id,
    client: { client_id, token_endpoint_auth_method: client_id, tls_client_auth_subject_dn },
    event: async () => httpApiEvent({ body: form({ client_id }), certificate: cert }),
  };
}

const platformKeys = new Map<string, ReturnType<typeof parseAssertionKeys>>();

const contestants: readonly Contestant[] = [
  {
    name: 'client_secret_basic',
    client: { client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' },
    event: async () =>
      httpApiEvent({ body: form({}), headers: { authorization: basic('basic', client_secret) } }),
  },
  await byAssertion('RS256', 'private_key_jwt'),
  await byAssertion('ES256', 'private_key_jwt'),
  await byAssertion('Ed25519', 'private_key_jwt'),
  await byAssertion('RS256', 'federated'),
  await byCertificate(),
];

const clients = new Map(contestants.map(({ client }) => [client.client_id, aClient(client)]));

function aClient(special: Partial<Client>): Client {
  return {
    client_id: '',
    client_name: 'bench',
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['client_credentials'],
    grants: new Map([[api, new Set(['read'])]]),
    secrets: [
      { id: 'a', hash: hashClientSecret(client_secret), created_at: 0, expires_at: undefined },
    ],
    jwks: undefined,
    jwks_uri: undefined,
    strict_assertion_audience: false,
    trust: [],
    access_token_lifetime: undefined,
    disabled: false,
    created_at: 0,
    updated_at: 0,
    ...special,
  };
}

const signature = new Uint8Array(256);
const handler = createHandler({
  issuer,
  tokenEndpoints: [`${issuer}/token`],
  accessTokenLifetime: 3600,
  clients: { find: async (client_id) => clients.get(client_id) },
  resourceServers: {
    find: async (resource) => ({
      resource,
      scope: new Set(['read']),
      access_token_lifetime: undefined,
      created_at: 0,
      updated_at: 0,
    }),
  },
  failedAttempts: { check: () => undefined, record: async () => undefined },
  publishedKeys: {
    ofJwksUri: unknownKeys,
    ofIssuer: async (iss) => platformKeys.get(iss) ?? unknownKeys(),
  },
  replays: { firstUse: async () => true },
  signingKeys: {
    active: async () => ({ alg: 'RS256', kid: 'bench', sign: async () => signature }),
    successorOf: async () => undefined,
  },
  now: () => Math.floor(Date.now() / 1000),
  newJti: randomUUID,
  audit: () => undefined,
});

async function unknownKeys(): Promise<never> {
  throw new Error('no such keys');
}

/** Milliseconds a request, one after the other. */
async function measure({ name, event }: Contestant): Promise<number> {
  const events = await Promise.all(Array.from({ length: requests }, event));
  const start = performance.now();
  for (const each of events) {
    const { statusCode, body } = await handler(each);
    if (statusCode !== 200) throw new Error(`${name}: ${body}`);
  }
  return (performance.now() - start) / requests;
}

const times = new Map(contestants.map((contestant) => [contestant, [] as number[]]));
for (const contestant of contestants) await measure(contestant);
for (let round = 0; round < rounds; round += 1) {
  for (const [contestant, measured] of times) measured.push(await measure(contestant));
}

const sorted = (measured: readonly number[]) => measured.toSorted((a, b) => a - b);
const median = (measured: readonly number[]) => sorted(measured)[Math.floor(rounds / 2)] ?? 0;
const [floor = 0] = [...times.values()].map(median);
const lines = [...times].map(([{ name }, measured]) => {
  const [least = 0, most = 0] = [sorted(measured)[0], sorted(measured).at(-1)];
  const cells = [median(measured), median(measured) - floor, least, most];
  return `| ${[name, ...cells.map((cell) => cell.toFixed(3))].join(' | ')} |`;
});
process.stdout.write(
  `${[
    `Milliseconds a request, medians of ${rounds} interleaved rounds of ${requests}, Node ${process.version}`,
    '',
    '| method | median | over client_secret_basic | least | most |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n')}\n`,
);
