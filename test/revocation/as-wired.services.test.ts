import { decodeJwt } from 'jose';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import type { IntrospectionEnvironment } from '../../functions/introspection/environment.ts';
import { tokenEnvironment } from '../support/a-token-function.ts';
import { basic, httpApiEvent } from '../support/http-api-event.ts';
import { lambdaEnvironment } from '../support/lambda-instance.ts';
import { tables } from '../support/services.ts';
import { accessKeyId, testAccount } from '../support/test-account.ts';
import { api, client_id, client_secret, stoppedAt } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';

/** The functions as they are wired, on DynamoDB and KMS. */

const endpoints: string[] = [];
vi.useFakeTimers({ toFake: ['Date'], now: stoppedAt * 1000 });
vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
const server = await tokenEndpointOnServices(
  {},
  { via: async (endpoint) => endpoints[endpoints.push(endpoint) - 1] ?? '' },
);
const [dynamodb = '', kms = ''] = endpoints;
const environment = {
  ...lambdaEnvironment(dynamodb),
  ...tokenEnvironment,
  AWS_REGION: testAccount.region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_ENDPOINT_URL_KMS: kms,
  REGISTRY_TABLE: tables.registry,
  EPHEMERA_TABLE: tables.ephemera,
  REVOCATIONS_TABLE: tables.revocations,
} satisfies IntrospectionEnvironment & Readonly<Record<string, string>>;
for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
afterAll(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const { handler: revocation } = await import('../../functions/revocation/index.ts');
const { handler: introspection } = await import('../../functions/introspection/index.ts');

const asker = 'the-api';
await server.register({ client_id: asker, introspection_resources: [api] });

const ask = (handler: HttpFunction, id: string, token: string, accept = 'application/json') =>
  handler(
    httpApiEvent({
      headers: { authorization: basic(id, client_secret), accept },
      body: new URLSearchParams({ token }).toString(),
    }),
  );

async function issue(): Promise<string> {
  const headers = { authorization: basic(client_id, client_secret) };
  return (await server.post('grant_type=client_credentials', { headers })).body.access_token;
}

describe('the functions of revocation and introspection', () => {
  test('J01, J02, K03: a token is active, then taken back, twice, and active no more', async () => {
    const token = await issue();
    const active = await ask(introspection, asker, token);
    expect(JSON.parse(active.body)).toMatchObject({ active: true, client_id, aud: api });
    for (const _ of ['once', 'again'])
      expect(await ask(revocation, client_id, token)).toMatchObject({ statusCode: 200, body: '' });
    vi.setSystemTime((stoppedAt + 1) * 1000);
    expect((await ask(introspection, asker, token)).body).toBe('{"active":false}');
    const other = await ask(introspection, asker, await issue());
    expect(JSON.parse(other.body)).toMatchObject({ active: true });
  });

  test('K05: the answer is signed by the key in KMS', async () => {
    const accept = 'application/token-introspection+jwt';
    const { statusCode, body } = await ask(introspection, asker, await issue(), accept);
    expect(statusCode).toBe(200);
    expect(decodeJwt(body)).toMatchObject({
      iss: tokenEnvironment.ISSUER,
      aud: asker,
      token_introspection: { active: true },
    });
  });
});
