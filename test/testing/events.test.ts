import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { otherTestCertificate, testCertificate, testIssuer } from '../../testing/index.ts';

const now = 1_700_000_000;
const issuer = await testIssuer({ audience: 'https://orders.example.com', now: () => now });

describe('httpApiEvent()', () => {
  test('is what an HTTP API sends to its function', async () => {
    const token = await issuer.token({ scope: 'orders:write' });
    const event = await issuer.httpApiEvent({
      route: 'PUT /orders/{id}',
      pathParameters: { id: 'a b' },
      token,
      query: { dry: 'yes' },
      headers: { 'X-Trace': '1' },
      body: { lines: [] },
    });
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'PUT /orders/{id}',
      rawPath: '/orders/a b',
      rawQueryString: 'dry=yes',
      headers: {
        host: 'orders.example.com',
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-trace': '1',
      },
      queryStringParameters: { dry: 'yes' },
      pathParameters: { id: 'a b' },
      requestContext: {
        accountId: '123456789012',
        apiId: 'testapi000',
        domainName: 'orders.example.com',
        domainPrefix: 'orders',
        http: {
          method: 'PUT',
          path: '/orders/a b',
          protocol: 'HTTP/1.1',
          sourceIp: '192.0.2.1',
          userAgent: 'test',
        },
        requestId: expect.stringMatching(/^[\w-]{22}$/),
        routeKey: 'PUT /orders/{id}',
        stage: '$default',
        time: '14/Nov/2023:22:13:20 +0000',
        timeEpoch: 1_700_000_000_000,
      },
      body: '{"lines":[]}',
      isBase64Encoded: false,
    });
  });

  test.for([
    [{ route: '$default' }, 'GET', '/'],
    [{ route: '$default', method: 'POST', path: '/any' }, 'POST', '/any'],
    [{ route: 'ANY /files/{proxy+}', pathParameters: { proxy: 'a/b' } }, 'GET', '/files/a/b'],
    [{ route: 'DELETE /orders', method: 'GET' }, 'DELETE', '/orders'],
  ] as const)('%j is a call of %s %s', async ([call, method, path]) => {
    const { requestContext, rawPath } = await issuer.httpApiEvent(call);
    expect([requestContext.http.method, rawPath]).toEqual([method, path]);
  });

  test('D05: has a proof for this very call', async () => {
    const token = await issuer.dpopToken();
    const call = { route: 'GET /orders/{id}', pathParameters: { id: '7' }, token, nonce: 'n' };
    const { headers } = await issuer.httpApiEvent(call);
    expect(headers.authorization).toBe(`DPoP ${token.access_token}`);
    expect(decodeJwt(String(headers.dpop))).toMatchObject({
      htm: 'GET',
      htu: 'https://orders.example.com/orders/7',
      iat: now,
      nonce: 'n',
    });
  });

  test('C05: has the certificate of the token, unless the call says another', async () => {
    const call = { route: 'GET /orders', token: await issuer.certificateToken() };
    const shown = async (certificate?: string) => {
      const event = await issuer.httpApiEvent({ ...call, ...(certificate && { certificate }) });
      return event.requestContext.authentication?.clientCert.clientCertPem;
    };
    expect(await shown()).toBe(testCertificate);
    expect(await shown(otherTestCertificate)).toBe(otherTestCertificate);
  });
});

describe('restApiEvent()', () => {
  test('is what a REST API sends to its function', async () => {
    const token = await issuer.token();
    const event = await issuer.restApiEvent({
      route: 'GET /orders/{id}',
      pathParameters: { id: 'a b' },
      token,
      query: { dry: 'yes' },
    });
    expect(event).toMatchObject({
      resource: '/orders/{id}',
      path: '/orders/a%20b',
      httpMethod: 'GET',
      headers: { authorization: `Bearer ${token}` },
      multiValueHeaders: { authorization: [`Bearer ${token}`] },
      queryStringParameters: { dry: 'yes' },
      multiValueQueryStringParameters: { dry: ['yes'] },
      requestContext: { resourcePath: '/orders/{id}', requestTimeEpoch: 1_700_000_000_000 },
      body: null,
    });
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });
});

describe('an event that is authorized', () => {
  test('I15: has what the authorizer tells, where each kind of API has it', async () => {
    const token = await issuer.token({ scope: 'orders:read', client_id: 'batch' });
    const call = { route: 'GET /orders', token, authorized: true };
    const told = { client_id: 'batch', scope: 'orders:read', exp: String(now + 3600) };
    const http = await issuer.httpApiEvent(call);
    expect(http.requestContext.authorizer?.lambda).toMatchObject(told);
    const rest = await issuer.restApiEvent(call);
    expect(rest.requestContext.authorizer).toMatchObject(told);
  });

  test.for([
    ['expired', /would refuse the token: JWTExpired/],
    ['other audience', /would refuse the token: .*"aud"/],
    ['other key', /would refuse the token: .*signature/],
  ] as const)('I06: cannot be had by a token that is wrong: %s', async ([wrong, message]) => {
    const token = await issuer.wrongToken(wrong);
    const event = issuer.httpApiEvent({ route: 'GET /orders', token, authorized: true });
    await expect(event).rejects.toThrow(message);
  });

  test('cannot be had without a token', async () => {
    const event = issuer.httpApiEvent({ route: 'GET /orders', authorized: true });
    await expect(event).rejects.toThrow('authorized is set, but the call has no token.');
  });
});

describe('a call is refused', () => {
  test.for([
    [{ route: 'orders' }, 'orders'],
    [{ route: 'GET /orders/{id}' }, `say what it is by pathParameters: { id: '...' }.`],
  ] as const)('%j', async ([call, message]) => {
    await expect(issuer.httpApiEvent(call)).rejects.toThrow(message);
  });
});
