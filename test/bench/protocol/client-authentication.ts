import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { parseAssertionKeys } from '../../../functions/oauth/assertion-keys.ts';
import type { AuthMethod, Client } from '../../../functions/oauth/client.ts';
import { client_secret, issuer } from '../../support/a-client.ts';
import { authority, certificate } from '../../support/certificates.ts';
import { basic, httpApiEvent } from '../../support/http-api-event.ts';
import { type TestKey, testKey } from '../../support/test-key.ts';
import { asking, benchClient, benchHandler, publishedKeys } from '../fixtures/token-handler.ts';
import { type Answering, cpuTable, inProcess } from '../report/in-process.ts';
import type { Report } from '../report/report.ts';
import { inTurn, type Plan } from '../report/rounds.ts';
import {
  type AddedCost,
  addedByCheck,
  addedTable,
  addedTargets,
  afterCheck,
  newKey,
  notes,
  rowsOf,
  signatureChecks,
} from './signature-checks.ts';

/** A way to authenticate. */
interface Authenticating {
  readonly name: string;
  readonly client: Partial<Client> & { readonly token_endpoint_auth_method: AuthMethod };
  readonly event: () => Promise<object>;
  /** Issuer -> the keys that it publishes. */
  readonly platform?: readonly [iss: string, keys: ReturnType<typeof parseAssertionKeys>];
}

/** What each method of client authentication costs the token function beside client_secret_basic. */
export async function benchClientAuthentication(plan: Plan): Promise<Report> {
  const keys = await Promise.all(['ES256', 'RS256', 'Ed25519'].map(testKey));
  const byKeys = keys.map((key) => [
    byAssertion(key, 'private_key_jwt'),
    byAssertion(key, 'federated'),
  ]);
  const methods = [bySecret, ...byKeys.flat(), await byCertificate()];
  const requestBy = requestsOf(methods);
  const requests = [...methods.map(requestBy), ...keys.map(byNewKey)];
  const checks = await Promise.all(
    keys.map((key) => signatureChecks(key, () => assertionOf(key, key.alg, key.alg))),
  );
  const after = checks.map(([check]) => afterCheck(check, requestBy(bySecret)));
  const measured = await inTurn(
    [...requests, ...checks.flat(), ...after].map((each) => inProcess(each, plan.requests)),
    plan,
  );
  const costs = keys.map(addedCost);
  return {
    about:
      'The token function with each method of client authentication. Stores and the signing key answer ' +
      'at once: what is left is our own work.',
    tables: [
      ...costs.map((cost) => addedTable(measured, cost)),
      cpuTable('Client authentication', rowsOf(measured, requests), bySecret.name),
    ],
    targets: costs.flatMap((cost) => addedTargets(measured, cost)),
    notes: [...notes, 'A single-use assertion costs one write of DynamoDB more.'],
  };
}

const addedCost = ({ alg }: TestKey): AddedCost => ({
  alg,
  added: {
    'An assertion of the client': [`private_key_jwt ${alg}`, bySecret.name],
    'An assertion of its platform': [`federated ${alg}`, bySecret.name],
  },
  told: {
    'An assertion by a new key': [newKeyName(alg), bySecret.name],
    ...addedByCheck(alg, bySecret.name),
  },
});

/** How clients with these methods make their requests, of one token endpoint. */
function requestsOf(methods: readonly Authenticating[]): (method: Authenticating) => Answering {
  const platforms = new Map(methods.flatMap(({ platform }) => (platform ? [platform] : [])));
  const clients = methods.map(({ client }) => benchClient(client));
  const handler = benchHandler(clients, { publishedKeys: publishedKeys(platforms) });
  return ({ name, event }) => asking(name, handler, event);
}

/** Requests of clients that are met first. */
const byNewKey = (key: TestKey): Answering => ({
  name: newKeyName(key.alg),
  async prepare() {
    const { name, client, event } = byAssertion(await newKey(key), 'private_key_jwt');
    const asked = asking(name, benchHandler([benchClient(client)]), event);
    const request = await asked.prepare();
    return () => asked.answer(request);
  },
  answer: (ask) => (ask as () => Promise<void>)(),
});

const newKeyName = (alg: string): string => `private_key_jwt ${alg}, new key`;

const bySecret: Authenticating = {
  name: 'client_secret_basic',
  client: { client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' },
  event: async () =>
    httpApiEvent({ body: form({}), headers: { authorization: basic('basic', client_secret) } }),
};

const platform = 'https://platform.example.com';

/** By an assertion that is signed by the client itself, or by its platform. */
function byAssertion(key: TestKey, method: 'private_key_jwt' | 'federated'): Authenticating {
  const client_id = `${method} ${key.alg}`;
  const iss = method === 'federated' ? `${platform}/${key.alg}` : client_id;
  const rule = { issuer: iss, subject: client_id, subject_glob: undefined, audience: issuer };
  return {
    name: client_id,
    client: {
      client_id,
      token_endpoint_auth_method: method,
      jwks: { keys: [key.jwk] },
      trust: [{ ...rule, claims: { ref: 'main' }, single_use: true, max_lifetime: 3600 }],
    },
    platform: [iss, parseAssertionKeys({ keys: [key.jwk] })],
    async event() {
      const client_assertion = await assertionOf(key, iss, client_id);
      const parameters = { client_id, client_assertion_type: jwtBearer, client_assertion };
      return httpApiEvent({ body: form(parameters) });
    },
  };
}

/** Signs an assertion for now. */
const assertionOf = (key: TestKey, iss: string, sub: string): Promise<string> =>
  new SignJWT({ iss, sub, aud: issuer, ref: 'main' })
    .setProtectedHeader({ alg: key.alg, kid: String(key.jwk.kid) })
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('9m')
    .sign(key.privateKey);

async function byCertificate(): Promise<Authenticating> {
  const client_id = 'tls_client_auth';
  const { cert } = await certificate({ issuer: authority(), subject: 'O=Example,CN=billing' });
  const tls_client_auth_subject_dn = 'CN=billing,O=Example';
  return {
    name: client_id,
    client: { client_id, token_endpoint_auth_method: client_id, tls_client_auth_subject_dn },
    event: async () => httpApiEvent({ body: form({ client_id }), certificate: cert }),
  };
}

const form = (parameters: Readonly<Record<string, string>>): string =>
  new URLSearchParams({ grant_type: 'client_credentials', ...parameters }).toString();

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
