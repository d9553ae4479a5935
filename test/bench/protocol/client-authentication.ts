import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { parseAssertionKeys } from '../../../functions/oauth/assertion-keys.ts';
import type { AuthMethod, Client } from '../../../functions/oauth/client.ts';
import { client_secret, issuer } from '../../support/a-client.ts';
import { authority, certificate } from '../../support/certificates.ts';
import { basic, httpApiEvent } from '../../support/http-api-event.ts';
import { testKey } from '../../support/test-key.ts';
import { asking, benchClient, benchHandler, publishedKeys } from '../fixtures/token-handler.ts';
import { cpuTable, inProcess } from '../report/in-process.ts';
import type { Report } from '../report/report.ts';
import { inTurn, type Plan } from '../report/rounds.ts';

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
  const contestants = [
    bySecret,
    await byAssertion('RS256', 'private_key_jwt'),
    await byAssertion('ES256', 'private_key_jwt'),
    await byAssertion('Ed25519', 'private_key_jwt'),
    await byAssertion('RS256', 'federated'),
    await byCertificate(),
  ];
  const handler = benchHandler(
    contestants.map(({ client }) => benchClient(client)),
    {
      publishedKeys: publishedKeys(
        new Map(contestants.flatMap(({ platform }) => (platform ? [platform] : []))),
      ),
    },
  );
  const measured = await inTurn(
    contestants.map(({ name, event }) => inProcess(asking(name, handler, event), plan.requests)),
    plan,
  );
  return {
    about:
      'The token function with each method of client authentication. Stores and the signing key answer ' +
      'at once: what is left is our own work.',
    tables: [cpuTable('Client authentication', measured, bySecret.name)],
    targets: [],
    notes: ['A single-use assertion costs one write of DynamoDB more.'],
  };
}

const bySecret: Authenticating = {
  name: 'client_secret_basic',
  client: { client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' },
  event: async () =>
    httpApiEvent({ body: form({}), headers: { authorization: basic('basic', client_secret) } }),
};

/** By an assertion that is signed with this algorithm: by the client itself, or by its platform. */
async function byAssertion(
  alg: string,
  method: 'private_key_jwt' | 'federated',
): Promise<Authenticating> {
  const key = await testKey(alg);
  const client_id = `${method} ${alg}`;
  const iss = method === 'federated' ? 'https://platform.example.com' : client_id;
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
