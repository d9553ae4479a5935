import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { type AskHook, heardOf } from '../../functions/claims-hook/hearing.ts';
import type { ClaimsHook, HookArguments } from '../../functions/claims-hook/hook.ts';
import { runHook } from '../../functions/claims-hook/run-hook.ts';
import { tokenReuse } from '../../functions/token/token-reuse.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { testKey } from '../support/test-key.ts';
import {
  api,
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const form = 'grant_type=client_credentials';
const asking = { headers: { authorization: basic(client_id, client_secret) } };

/** An endpoint with a hook, and what that has heard. */
async function hooked(hook: ClaimsHook, surroundings: { readonly clientCache?: number } = {}) {
  const heard: HookArguments[] = [];
  const claimsHook: AskHook = (hearing) => {
    const about = heardOf(hearing);
    heard.push(structuredClone(about));
    return runHook(hook, about, 1000);
  };
  const endpoint = await tokenEndpoint({ claimsHook }, surroundings);
  return { ...endpoint, heard };
}

describe('a hook', () => {
  test('E10: adds to what client and resource server add, and counts over both', async () => {
    const { post, register, registerApi } = await hooked(() => ({ plan: 'gold', seats: 4 }));
    await register({ claims: { plan: 'free', tenant: 'acme' } });
    await registerApi({ claims: { plan: 'none', region: 'eu' } });
    const { body } = await post(form, asking);
    expect(decodeJwt(body.access_token)).toEqual({
      iss: issuer,
      sub: client_id,
      client_id,
      aud: api,
      scope: 'read write',
      iat: stoppedAt,
      nbf: stoppedAt,
      exp: stoppedAt + 3600,
      jti: expect.any(String),
      plan: 'gold',
      seats: 4,
      tenant: 'acme',
      region: 'eu',
    });
  });

  test('E10: hears who gets which token, and nothing that is secret', async () => {
    const { post, register, heard } = await hooked(() => ({}));
    await register({ claims: { tenant: 'acme' } });
    const dpop = await signProof(await dpopKey(), { claims: { htu: `${issuer}/token` } });
    await post(`${form}&scope=read`, { headers: { ...asking.headers, dpop } });
    expect(heard).toEqual([
      {
        client: {
          client_id,
          client_name: 'A test client',
          token_endpoint_auth_method: 'client_secret_basic',
          claims: { tenant: 'acme' },
        },
        request: {
          resource: api,
          scope: ['read'],
          grant_type: 'client_credentials',
          cnf: { jkt: expect.stringMatching(/^[\w-]{43}$/) },
        },
      },
    ]);
  });

  test('E10: cannot change what it hears: the next request hears the same', async () => {
    const { post, register, heard } = await hooked(({ claims }) => {
      Object.assign(claims.nested ?? {}, { admin: true });
      return {};
    });
    await register({ claims: { nested: { admin: false } } });
    const answers = [await post(form, asking), await post(form, asking)];
    for (const { body } of answers) {
      expect(decodeJwt(body.access_token)).toMatchObject({ nested: { admin: false } });
    }
    expect(heard).toHaveLength(2);
  });

  test('A19: refuses with its sentence, and the log says that it was the hook', async () => {
    const { post, audited } = await hooked(() => ({ refuse: 'admin is for "operators"' }));
    expect(await post(form, asking)).toMatchObject({
      statusCode: 400,
      body: {
        error: 'unauthorized_client',
        error_description: "admin is for 'operators'",
      },
    });
    expect(audited.at(-1)).toMatchObject({
      outcome: 'refused',
      error: 'unauthorized_client',
      reason: 'the claims hook has refused',
      client_id,
    });
  });

  test('E10: that fails gives no token, no reason to the client, and no value to the log', async () => {
    const { post, audited, signatures } = await hooked(() => ({ sub: 'secret-value' }));
    signatures();
    const { statusCode, headers, body } = await post(form, asking);
    expect({ statusCode, retry: headers['Retry-After'], body }).toEqual({
      statusCode: 503,
      retry: '2',
      body: {
        error: 'temporarily_unavailable',
        error_description: 'no answer can be given now, try again later',
      },
    });
    expect(audited.at(-1)).toMatchObject({
      outcome: 'failed',
      reason:
        'the claims hook has answered wrongly: the claim "sub" has a name that standards reserve',
    });
    expect(JSON.stringify(audited)).not.toContain('secret-value');
    expect(signatures()).toBe(0);
  });

  test('is not asked where the client is refused', async () => {
    const { post, heard } = await hooked(() => ({}));
    const wrong = { headers: { authorization: basic(client_id, 'wrong') } };
    expect([await post(form, wrong), await post(`${form}&scope=admin`, asking)]).toMatchObject([
      { statusCode: 401 },
      { statusCode: 400 },
    ]);
    expect(heard).toEqual([]);
  });

  test('leaves an assertion unused that it has refused, or has failed on', async () => {
    const key = await testKey('ES256');
    const answers: readonly ClaimsHook[] = [
      () => ({ refuse: 'not yet' }),
      () => Promise.reject(new Error('not yet')),
    ];
    const { post, register, heard } = await hooked(
      (...about) => answers[heard.length - 1]?.(...about) ?? {},
    );
    const method = 'private_key_jwt' as const;
    await register({
      client_id: 'asserting',
      token_endpoint_auth_method: method,
      jwks: { keys: [key.jwk] },
      secrets: [],
    });
    const assertion = await signAssertion(key, { claims: { iss: 'asserting', sub: 'asserting' } });
    const outcomes = [];
    for (const _ of [1, 2, 3, 4]) outcomes.push(await post(assertionForm(assertion)));
    expect(outcomes).toMatchObject([
      { statusCode: 400, body: { error: 'unauthorized_client' } },
      { statusCode: 503 },
      { statusCode: 200 },
      { statusCode: 400, body: { error: 'invalid_client' } },
    ]);
  });

  test('is asked once more where it refuses by a record that has changed since', async () => {
    const { post, register, heard } = await hooked(
      ({ claims }) => (claims.approved === true ? {} : { refuse: 'not approved' }),
      { clientCache: 30 },
    );
    await register({ claims: { approved: false } });
    expect((await post(form, asking)).statusCode).toBe(400);
    await register({ claims: { approved: true } });
    expect((await post(form, asking)).statusCode).toBe(200);
    const approvals = heard.map(({ client }) => client.claims.approved);
    expect(approvals).toEqual([false, false, true]);
  });
});

describe('token reuse', () => {
  test('E10: what a hook adds is asked for each time, and is never of an earlier token', async () => {
    const plans = ['free', 'free', 'gold'];
    const { another, heard, clock } = await hooked(() => ({ plan: plans[heard.length - 1] ?? '' }));
    const now = () => clock.now;
    const post = another({
      reuse: tokenReuse({ seconds: 600, now, isRevoked: async () => false }),
    });
    const said = async () => decodeJwt((await post(form, asking)).body.access_token);
    const [first, second, third] = [await said(), await said(), await said()];
    expect(second).toEqual(first);
    expect([first.plan, third.plan]).toEqual(['free', 'gold']);
    expect(third.jti).not.toBe(first.jti);
    expect(heard).toHaveLength(3);
  });
});
