import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { testKey } from '../support/test-key.ts';
import { api, client_secret, postingClient, stoppedAt } from '../support/token-endpoint.ts';
import { tokenEndpointOnServices } from '../support/token-endpoint-on-services.ts';

const endpoint = await tokenEndpointOnServices({}, { clientCache: 30 });
const form = (id: string, secret: string) =>
  `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`;

describe('a token endpoint on DynamoDB and KMS', () => {
  test('A16: issues a token that verifies by the published key', async () => {
    const { statusCode, body } = await endpoint.post(form(postingClient, client_secret));
    expect(statusCode).toBe(200);
    const jwks = createLocalJWKSet({ keys: [await endpoint.publicJwk()] });
    const currentDate = new Date(stoppedAt * 1000);
    const { payload } = await jwtVerify(body.access_token, jwks, { audience: api, currentDate });
    expect(payload).toMatchObject({ client_id: postingClient, scope: 'read write' });
  });

  test('what a client has gained works at once, though its record is cached', async () => {
    const other = 'https://other-api.example.com';
    await endpoint.registerApi({ resource: other });
    const ask = () => endpoint.post(`${form(postingClient, client_secret)}&resource=${other}`);
    expect((await ask()).body.error).toBe('invalid_target');
    await endpoint.register({
      client_id: postingClient,
      token_endpoint_auth_method: 'client_secret_post',
      grants: new Map([[other, new Set(['read'])]]),
    });
    expect(decodeJwt((await ask()).body.access_token)).toMatchObject({ aud: other });
  });

  test('B08: of instances that get the same assertion at the same time, one takes it', async () => {
    const key = await testKey('ES256');
    await endpoint.register({
      client_id: 'signs',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
    });
    const once = assertionForm(
      await signAssertion(key, { claims: { iss: 'signs', sub: 'signs' } }),
    );
    const instances = [endpoint.post, endpoint.another(), endpoint.another()];
    const answers = await Promise.all(instances.map((post) => post(once)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 400, 400]);
    expect((await endpoint.another()(once)).statusCode).toBe(400);
  });

  test('A11: failures are counted together over all instances', async () => {
    const source = { sourceIp: '198.51.100.7' };
    const [one, other] = [endpoint.another(), endpoint.another()];
    for (let count = 0; count < 30; count += 1) {
      for (const post of [one, other]) await post(form('guessed', 'wrong'), source);
    }
    expect((await other(form('guessed', 'wrong'), source)).statusCode).toBe(429);
  });
});
