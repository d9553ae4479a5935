import middy from '@middy/core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessTokenGuard, guard } from '../../functions/authorizer/guard/index.ts';
import type { HttpResponse } from '../../functions/http/response.ts';
import {
  type CallProps,
  type GuardEnvironmentProps,
  otherTestCertificate,
  testIssuer,
  wrongTokens,
} from '../../testing/index.ts';

const routes = { 'GET /orders/{id}': ['orders:read'], 'POST /orders': ['orders:write'] };
const route = 'GET /orders/{id}';
const pathParameters = { id: '7' };
const scope = 'orders:read';

const issuer = await testIssuer({ audience: 'https://orders.example.com' });
beforeAll(() => issuer.listen());
afterAll(() => issuer.close());

// Each decision is a line of the log.
vi.spyOn(process.stdout, 'write').mockReturnValue(true);
afterAll(() => vi.restoreAllMocks());
afterEach(() => vi.unstubAllEnvs());

type Handler = (event: unknown, context: unknown) => Promise<HttpResponse>;

/** An owner's handler, which tells whom it was called by. */
async function orders(event: { requestContext: { authorizer: { lambda: object } } }) {
  return {
    statusCode: 200,
    headers: {},
    body: JSON.stringify(event.requestContext.authorizer.lambda),
  };
}

/** The owner's handler as it is deployed, with the environment of a test. */
function deployed(
  special: Partial<GuardEnvironmentProps> = {},
  wrap: () => unknown = () => guard(orders),
): (call: Partial<CallProps>) => Promise<HttpResponse> {
  for (const [name, value] of Object.entries(issuer.guardEnvironment({ routes, ...special }))) {
    vi.stubEnv(name, value);
  }
  const handler = wrap() as Handler;
  return async (call) =>
    await handler(await issuer.httpApiEvent({ route, pathParameters, ...call }), {});
}

describe.for([
  ['guard(handler)', () => guard(orders)],
  [
    '.use(accessTokenGuard())',
    () =>
      middy()
        .use(accessTokenGuard())
        .handler(orders as never),
  ],
] as const)('%s of an owner, with the environment of testIssuer()', ([, wrap]) => {
  test('I06: lets in a token, and tells the handler whose it is', async () => {
    const { statusCode, body } = await deployed({}, wrap)({ token: await issuer.token({ scope }) });
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ iss: issuer.issuer, client_id: 'test-client', scope });
  });

  test('I09: refuses who has no token, and whose token lacks the scope', async () => {
    const call = deployed({}, wrap);
    const none = await call({});
    expect(none).toMatchObject({ statusCode: 401 });
    expect(none.headers['WWW-Authenticate']).toMatch(/^Bearer realm="https:\/\/orders\./);
    const other = await call({ token: await issuer.token({ scope: 'orders:write' }) });
    expect(other).toMatchObject({ statusCode: 403 });
    expect(other.headers['WWW-Authenticate']).toContain('error="insufficient_scope"');
  });
});

test.for(wrongTokens)('I06: a guard refuses a token that is wrong: %s', async (wrong) => {
  const token = await issuer.wrongToken(wrong, { scope });
  expect(await deployed()({ token })).toMatchObject({ statusCode: 401 });
});

describe('a token that was revoked', () => {
  test('I13: is refused at once by a guard that asks, and no other is', async () => {
    const handler = deployed({ refuseRevoked: true });
    const [token, other] = [await issuer.token({ scope }), await issuer.token({ scope })];
    expect(await handler({ token })).toMatchObject({ statusCode: 200 });
    await issuer.revoke(token);
    const refused = await handler({ token });
    expect(refused).toMatchObject({ statusCode: 401 });
    expect(refused.headers['WWW-Authenticate']).toContain('error="invalid_token"');
    expect(await handler({ token: other })).toMatchObject({ statusCode: 200 });
  });

  test('I13: is refused with its proof, and with its certificate', async () => {
    const handler = deployed({ refuseRevoked: true });
    for (const token of [
      await issuer.dpopToken({ scope }),
      await issuer.certificateToken({ scope }),
    ]) {
      expect(await handler({ token })).toMatchObject({ statusCode: 200 });
      await issuer.revoke(token);
      expect(await handler({ token })).toMatchObject({ statusCode: 401 });
    }
  });

  test('I13: gets in where nobody asks, as in a deployment', async () => {
    const token = await issuer.token({ scope });
    await issuer.revoke(token);
    expect(await deployed()({ token })).toMatchObject({ statusCode: 200 });
  });

  test('I14: and any other, is answered 503 where nobody can be asked', async () => {
    const gone = await testIssuer({ audience: 'https://orders.example.com' });
    await gone.listen();
    for (const [name, value] of Object.entries(
      gone.guardEnvironment({ routes, refuseRevoked: true }),
    )) {
      vi.stubEnv(name, value);
    }
    const handler = guard(orders) as Handler;
    const token = await gone.token({ scope });
    const event = await gone.httpApiEvent({ route, pathParameters, token });
    expect(await handler(event, {})).toMatchObject({ statusCode: 200 });
    await gone.close();
    expect(await handler(event, {})).toMatchObject({ statusCode: 503 });
  });

  test.for(['', 'a.b.c', 'https://orders.example.com'])(
    'cannot be %j, or one of somebody else',
    async (token) => {
      const none = /^the token is none of http:\/\/127.0.0.1:\d+: it can revoke its own alone\.$/;
      await expect(issuer.revoke(token)).rejects.toThrow(none);
      const others = await issuer.wrongToken('other issuer');
      await expect(issuer.revoke(others)).rejects.toThrow(none);
    },
  );
});

describe('a token that is bound to a key', () => {
  test('D08: gets in with its proof, once', async () => {
    const handler = deployed();
    const token = await issuer.dpopToken({ scope });
    expect(await handler({ token })).toMatchObject({ statusCode: 200 });
    const dpop = await token.proof({ method: 'GET', url: 'https://orders.example.com/orders/7' });
    const again = { token, headers: { dpop } };
    expect(await handler(again)).toMatchObject({ statusCode: 200 });
    const refused = await handler(again);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['WWW-Authenticate']).toContain('error="invalid_dpop_proof"');
  });

  test('D05: does not get in with a proof for another request', async () => {
    const token = await issuer.dpopToken({ scope });
    const dpop = await token.proof({ method: 'GET', url: 'https://orders.example.com/orders/8' });
    expect(await deployed()({ token, headers: { dpop } })).toMatchObject({ statusCode: 401 });
  });

  test('D17: is told the nonce, and gets in with it', async () => {
    const handler = deployed({ dpopNonce: 'required' });
    const token = await issuer.dpopToken({ scope });
    const told = await handler({ token });
    expect(told.headers['WWW-Authenticate']).toContain('error="use_dpop_nonce"');
    const nonce = String(told.headers['DPoP-Nonce']);
    expect(await handler({ token, nonce })).toMatchObject({ statusCode: 200 });
  });
});

describe('a token that is bound to a certificate', () => {
  test('C05: gets in with that one alone', async () => {
    const handler = deployed();
    const token = await issuer.certificateToken({ scope });
    expect(await handler({ token })).toMatchObject({ statusCode: 200 });
    const certificate = otherTestCertificate;
    expect(await handler({ token, certificate })).toMatchObject({ statusCode: 401 });
    const { access_token } = token;
    expect(await handler({ token: access_token })).toMatchObject({ statusCode: 401 });
  });
});

describe('guardEnvironment()', () => {
  test('refuses tokens that are bound to nothing where the app says so', async () => {
    const token = await issuer.token({ scope });
    expect(await deployed({ required: true })({ token })).toMatchObject({ statusCode: 401 });
    expect(await deployed({ profile: 'fapi2' })({ token })).toMatchObject({ statusCode: 401 });
  });

  test('I16: has the APIs of the events, or others', async () => {
    const token = await issuer.token({ scope });
    const handler = deployed({ apiIds: ['other00000'] });
    expect(await handler({ token })).toMatchObject({ statusCode: 403 });
    expect(await handler({ token, apiId: 'other00000' })).toMatchObject({ statusCode: 200 });
  });

  test.for([
    [{ routes: {} }, 'the routes are empty'],
    [{ routes, publicUrl: 'orders' }, 'the public URL "orders" is none'],
    [{ routes, profile: 'fapi3' }, 'there is no profile fapi3'],
  ] as const)('%j is an error', ([props, message]) => {
    expect(() => issuer.guardEnvironment(props as never)).toThrow(message);
  });

  test('needs an issuer that listens', async () => {
    const silent = await testIssuer();
    expect(() => silent.guardEnvironment({ routes })).toThrow(
      'the issuer does not listen: call await issuer.listen() before.',
    );
  });
});

describe('an issuer that listens', () => {
  test('H02: publishes what a deployment does, and nothing that it does not know', async () => {
    const read = async (path: string) => {
      const response = await fetch(`${issuer.issuer}${path}`);
      return [response.status, await response.json()];
    };
    const metadata = { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/.well-known/jwks.json` };
    expect(await read('/.well-known/oauth-authorization-server')).toMatchObject([200, metadata]);
    expect(await read('/.well-known/openid-configuration')).toMatchObject([200, metadata]);
    expect(await read('/.well-known/jwks.json')).toEqual([200, issuer.jwks]);
    expect((await read('/'))[0]).toBe(404);
    expect((await read('/toString'))[0]).toBe(404);
  });

  test('shows its store of proofs to nobody who does not have the key', async () => {
    const request = { method: 'POST', body: '{}', headers: { authorization: 'Credential=AKIA/' } };
    expect((await fetch(issuer.issuer, request)).status).toBe(404);
  });

  test('refuses what a guard does not ask of a store', async () => {
    const { AWS_ACCESS_KEY_ID } = issuer.guardEnvironment({ routes });
    const ask = (operation: string, body: string) =>
      fetch(issuer.issuer, {
        method: 'POST',
        body,
        headers: {
          authorization: `Credential=${AWS_ACCESS_KEY_ID}/`,
          'x-amz-target': `DynamoDB_20120810.${operation}`,
        },
      });
    const answers = [
      await ask('Scan', '{}'),
      await ask('PutItem', '{"ConditionExpression":"attribute_exists(pk)"}'),
      await ask('PutItem', 'no JSON'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  });

  test('is free again once it is closed, and stays closed', async () => {
    const other = await testIssuer();
    await other.listen();
    await other.listen();
    const { issuer: url } = other;
    expect((await fetch(`${url}/.well-known/jwks.json`)).status).toBe(200);
    await other[Symbol.asyncDispose]();
    await expect(fetch(`${url}/.well-known/jwks.json`)).rejects.toThrow();
    await expect(other.listen()).rejects.toThrow('the issuer is closed: make another one.');
    await other.close();
  });

  test('cannot have made a token before, nor have another identifier', async () => {
    const early = await testIssuer();
    await early.token();
    await expect(early.listen()).rejects.toThrow('a token was made already');
    const named = await testIssuer({ issuer: 'https://auth.example.com' });
    await expect(named.listen()).rejects.toThrow(
      'issuer is https://auth.example.com, where testIssuer() cannot listen: leave issuer out.',
    );
  });
});
