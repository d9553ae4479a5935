import { describe, expect, test } from 'vitest';
import { basic } from '../support/http-api-event.ts';
import {
  aSecret,
  client_id,
  client_secret,
  issuer,
  postingClient,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const authenticated = { headers: { authorization: basic(client_id, client_secret) } };
const grant = 'grant_type=client_credentials';
const classic = `${grant}&client_id=${postingClient}&client_secret=${client_secret}`;
const inTheBody = `&client_id=${client_id}`;
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const assertion = `client_assertion_type=${jwtBearer}&client_assertion=`;

describe('RFC 6749 §4.4 client credentials grant', () => {
  test('A16: the classic form answers with a Bearer token that lives 3600 seconds', async () => {
    const { statusCode, body } = await endpoint.post(classic);
    expect(statusCode).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'read write',
    });
  });

  test('A18: there is no refresh token', async () => {
    const { body } = await endpoint.post(classic);
    expect(Object.keys(body)).not.toContain('refresh_token');
  });

  test.for([
    ['invalid_request', 'a missing grant_type', 'scope=read'],
    ['invalid_request', 'an empty grant_type', 'grant_type='],
    ['unsupported_grant_type', 'password', 'grant_type=password&username=a&password=b'],
    ['unsupported_grant_type', 'authorization_code', 'grant_type=authorization_code&code=x'],
    ['unsupported_grant_type', 'another case', 'grant_type=Client_Credentials'],
    ['unsupported_grant_type', 'a name of Object', 'grant_type=constructor'],
  ] as const)('A12: %s for %s', async ([error, , form]) => {
    expect(await endpoint.post(form, authenticated)).toMatchObject({
      statusCode: 400,
      body: { error },
    });
  });

  test('A12: a known grant_type that the client may not use is unauthorized_client', async () => {
    await endpoint.register({ client_id: 'idle', grant_types: [] });
    const headers = { authorization: basic('idle', client_secret) };
    expect(await endpoint.post(grant, { headers })).toMatchObject({
      statusCode: 400,
      body: { error: 'unauthorized_client' },
    });
  });
});

describe('RFC 6749 §3.2 token endpoint', () => {
  test.for(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'post'])(
    'A01: %s is answered with 405, never with a token',
    async (method) => {
      const response = await endpoint.post(classic, { method });
      expect(response).toMatchObject({
        statusCode: 405,
        headers: { Allow: 'POST', 'Cache-Control': 'no-store' },
        body: { error: 'invalid_request' },
      });
    },
  );

  test.for([
    `client_id=${postingClient}&client_secret=${client_secret}`,
    'client_secret=x',
    'grant_type=client_credentials',
    'scope=read',
    'resource=https%3A%2F%2Fapi.example.com',
    'audience=https%3A%2F%2Fapi.example.com',
    'client_assertion=e.e.e',
    'CLIENT_ID=&client_id=',
  ] as const)('A02: parameters in the query are refused: ?%s', async (query) => {
    expect(await endpoint.post(classic, { query })).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request' },
    });
  });

  test('A02: parameters in the query do not stand in for the body', async () => {
    const response = await endpoint.post('', { query: classic });
    expect(response).toMatchObject({ statusCode: 400, body: { error: 'invalid_request' } });
  });

  test('A03: a parameter without a value is as good as omitted', async () => {
    const response = await endpoint.post(
      `${grant}&scope=&resource=&audience=&client_id=`,
      authenticated,
    );
    expect(response).toMatchObject({ statusCode: 200, body: { scope: 'read write' } });
  });

  test.for([
    ['scope', `${grant}&scope=read&scope=read`],
    ['scope', `${grant}&%73cope=read&scope=write`],
    ['grant_type', `${grant}&${grant}`],
    ['client_id', `${classic}&client_id=${client_id}`],
    ['client_secret', `${classic}&client_secret=${client_secret}`],
    ['client_assertion', `${grant}&client_assertion=e.e.e&client_assertion=e.e.e`],
    ['client_assertion_type', `${grant}&client_assertion_type=x&client_assertion_type=y`],
    ['a parameter', `${grant}&unheard_of=1&unheard_of=2`],
    ['a parameter', `${grant}&${client_secret}=1&${client_secret}=2`],
    ['a parameter', `${grant}&${client_secret}&${client_secret}=2&${client_secret}=3`],
    ['a parameter', `${grant}&Scope=read&Scope=read`],
  ] as const)(
    'A04: a repeated parameter is refused, and named if it is known: %s, %s',
    async ([name, form]) => {
      const init = form.startsWith(classic) ? {} : authenticated;
      expect(await endpoint.post(form, init)).toMatchObject({
        statusCode: 400,
        body: { error: 'invalid_request', error_description: `${name} is repeated` },
      });
    },
  );

  test('A04: a repetition is found behind as many other parameters as there may be', async () => {
    const form = `${grant}&scope=read&${numbered(97)}`;
    expect(await endpoint.post(form, authenticated)).toMatchObject({ statusCode: 200 });
    expect(await endpoint.post(`${form}&scope=write`, authenticated)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request', error_description: 'scope is repeated' },
    });
  });

  test('A05: parameters that nobody knows are ignored', async () => {
    const form = `${classic}&aud=x&username=a&__proto__=x&constructor=y`;
    expect(await endpoint.post(form)).toMatchObject({ statusCode: 200 });
    expect(await endpoint.post(classic, { query: 'utm_source=x' })).toMatchObject({
      statusCode: 200,
    });
  });
});

describe('RFC 6749 §5.1 successful response', () => {
  test('A17: a token is JSON in UTF-8 that nobody may store', async () => {
    const { headers } = await endpoint.post(classic);
    expect(headers).toEqual({
      'Content-Type': 'application/json;charset=UTF-8',
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
    });
  });

  test.for([
    ['400', 'scope=read'],
    ['400', grant],
    ['401', grant, { headers: { authorization: 'Basic !!!!' } }],
  ] as const)('A17: a refusal with %s may not be stored either', async ([status, form, init]) => {
    const { statusCode, headers } = await endpoint.post(form, init);
    expect(String(statusCode)).toBe(status);
    expect(headers).toMatchObject({
      'Content-Type': 'application/json;charset=UTF-8',
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
    });
  });
});

describe('RFC 6749 §5.2 error response', () => {
  test.for([
    ['a quote in the scope', `${grant}&scope=%22`],
    ['a line break in the resource', `${grant}&resource=%0d%0aSet-Cookie:x`],
    ['a script as grant_type', 'grant_type=<script>alert(1)</script>'],
    ['a control character as a name', `${grant}&%00=1&%00=2`],
  ] as const)('A19: %s is not echoed', async ([, form]) => {
    const { statusCode, body } = await endpoint.post(form, authenticated);
    expect(statusCode).toBe(400);
    expect(Object.keys(body)).toEqual(['error', 'error_description']);
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
    expect(body.error_description).not.toMatch(/script|Set-Cookie/);
  });

  test.for([
    ['a wrong secret by Basic', basic(client_id, 'wrong'), ''],
    ['a wrong secret by Basic, and the client_id again', basic(client_id, 'wrong'), inTheBody],
    ['credentials that are malformed', 'Basic !!!!', ''],
    ['an empty header', '', ''],
    ['an access token', 'Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln', ''],
    ['a ticket', 'Negotiate YII=', ''],
    ['a scheme without credentials', 'DPoP', ''],
  ] as const)('A20: invalid_client is 401 with a Basic challenge for %s', async (attempt) => {
    const [, authorization, more] = attempt;
    expect(await endpoint.post(grant + more, { headers: { authorization } })).toMatchObject({
      statusCode: 401,
      headers: { 'WWW-Authenticate': `Basic realm="${issuer}", charset="UTF-8"` },
      body: { error: 'invalid_client' },
    });
  });

  test.for([
    ['a wrong secret', `${inTheBody}&client_secret=wrong`],
    ['a client_id alone', inTheBody],
    ['no credentials', ''],
    ['a wrong assertion', `${inTheBody}&${assertion}e30.e30.c2ln`],
    ['an assertion that is too large', `&${assertion}${'e'.repeat(20_000)}`],
  ] as const)(
    'A20: without an Authorization header it is 400, and no challenge hides it: %s',
    async ([, form]) => {
      const { statusCode, headers, body } = await endpoint.post(grant + form);
      expect([statusCode, body.error]).toEqual([400, 'invalid_client']);
      expect(headers).not.toHaveProperty('WWW-Authenticate');
    },
  );

  test('A20: a certificate that is not the right one is 400, too', async () => {
    const { statusCode, headers, body } = await endpoint.post(grant + inTheBody, {
      certificate: 'none',
    });
    expect([statusCode, body.error]).toEqual([400, 'invalid_client']);
    expect(headers).not.toHaveProperty('WWW-Authenticate');
  });

  test('A20: credentials in the header and in the body are no failed authentication', async () => {
    const headers = { authorization: 'Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln' };
    const answer = await endpoint.post(classic, { headers });
    expect(answer).toMatchObject({ statusCode: 400, body: { error: 'invalid_request' } });
    expect(answer.headers).not.toHaveProperty('WWW-Authenticate');
  });
});

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `p${at}=1`).join('&');

describe('A23: bodies that arrive in strange ways', () => {
  test.for([
    ['text/plain', 'text/plain'],
    ['JSON', 'application/json'],
    ['multipart', 'multipart/form-data; boundary=x'],
    ['nothing', ''],
    ['a longer name', 'application/x-www-form-urlencoded-plus'],
    ['a space that is none', '\u00A0application/x-www-form-urlencoded'],
    ['two types', 'application/x-www-form-urlencoded,text/plain'],
    ['two types with a charset', 'application/x-www-form-urlencoded; charset=utf-8, text/plain'],
    ['a charset alone', '; charset=utf-8'],
  ] as const)('A23: the content type %s is refused with invalid_request', async ([, type]) => {
    expect(await endpoint.post(classic, { headers: { 'content-type': type } })).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request' },
    });
  });

  test.for([
    'Application/X-WWW-Form-UrlEncoded',
    'application/x-www-form-urlencoded;charset=UTF-8',
    'application/x-www-form-urlencoded; charset="utf-8"',
    'application/x-www-form-urlencoded ; foo=bar',
    'application/x-www-form-urlencoded\t;\tcharset=utf-8',
    'application/x-www-form-urlencoded; charset=ISO-8859-1',
    'application/x-www-form-urlencoded;CHARSET="iso-8859-1"',
    'application/x-www-form-urlencoded; charset=US-ASCII',
    'application/x-www-form-urlencoded; charset=no-such-charset',
    'application/x-www-form-urlencoded; charset=utf-8; charset=utf-16',
    'application/x-www-form-urlencoded; charset="utf-8',
    'application/x-www-form-urlencoded; charset=',
    'application/x-www-form-urlencoded;',
  ] as const)('A23: the content type %s is a form', async (type) => {
    const response = await endpoint.post(classic, { headers: { 'content-type': type } });
    expect(response.statusCode).toBe(200);
  });

  test('A23: a base64 body is decoded', async () => {
    const body = Buffer.from(classic).toString('base64');
    expect(await endpoint.post(body, { isBase64Encoded: true })).toMatchObject({ statusCode: 200 });
    expect(await endpoint.post(body)).toMatchObject({ statusCode: 400 });
  });

  test('A23: header names in any case are the same header', async () => {
    const event = {
      requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' }, requestId: '1' },
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        AUTHORIZATION: basic(client_id, client_secret),
      },
      body: grant,
    };
    expect(await endpoint.handler(event)).toMatchObject({ statusCode: 200 });
    const twice = { ...event.headers, authorization: basic(client_id, client_secret) };
    expect(await endpoint.handler({ ...event, headers: twice })).toMatchObject({ statusCode: 401 });
  });

  test('A23: a body over 16 KiB is refused, one of 16 KiB is not', async () => {
    const padded = (size: number) => `${classic}&x=`.padEnd(size, 'x');
    expect(await endpoint.post(padded(16_384))).toMatchObject({ statusCode: 200 });
    expect(await endpoint.post(padded(16_385))).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request', error_description: 'the body exceeds 16384 bytes' },
    });
  });

  test.for([
    ['JSON', '{"grant_type":"client_credentials"}'],
    ['nothing', ''],
    ['a byte order mark', `\uFEFF${grant}`],
    ['a question mark in front', `?${grant}`],
    ['broken escapes', '%zz=%&grant_type=%E0%A4%A'],
    ['bytes that are no UTF-8', '%ff%fe=%80'],
  ] as const)('A23: %s in a form makes no 500', async ([, form]) => {
    const { statusCode, body } = await endpoint.post(form, authenticated);
    expect(statusCode).toBe(400);
    expect(body.error).toMatch(/^invalid_request$|^unsupported_grant_type$/);
  });

  test.for([
    ['101 parameters', `${grant}${'&p='.repeat(100)}`],
    ['a resource behind a thousand others', `${grant}&${numbered(1000)}&resource=x`],
    ['a resource behind a thousand empty ones', `${grant}${'&'.repeat(1000)}resource=x`],
    ['16 KiB of ampersands', '&'.repeat(16_384)],
  ] as const)('A23: %s in a form are too many, and none is dropped', async ([, form]) => {
    expect(await endpoint.post(form, authenticated)).toMatchObject({
      statusCode: 400,
      body: { error_description: 'the body has more than 100 parameters' },
    });
  });

  test.for([
    ['a percent sign alone', `${classic}&x=%`],
    ['no hexadecimal digits', `${classic}&x=%zz`],
    ['an escape that is cut', `${classic}&x=%e`],
    ['an escape of bytes that are no UTF-8', `${classic}&x=%ff`],
    ['half a character', `${classic}&x=%E0%A4`],
    ['a malformed escape in a name', `${classic}&%zz=x`],
    ['a malformed escape in an unwanted value', `${classic}&x=1&y=%C0%AF`],
    ['bytes that are no UTF-8', Buffer.from([...Buffer.from(`${classic}&x=`), 0xff])],
  ] as const)('A02: %s makes the form malformed', async ([, form]) => {
    const body = Buffer.from(form).toString('base64');
    expect(await endpoint.post(body, { isBase64Encoded: true })).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request', error_description: expect.stringMatching(/UTF-8/) },
    });
  });

  test.for([
    ['an octet', Buffer.from([0xe9])],
    ['an escape', Buffer.from('%E9')],
  ] as const)('A02: %s of ISO-8859-1 is refused, whatever the label says', async ([, octets]) => {
    const body = Buffer.concat([Buffer.from(`${classic}&x=`), octets]).toString('base64');
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=ISO-8859-1' };
    expect(await endpoint.post(body, { headers, isBase64Encoded: true })).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request', error_description: expect.stringMatching(/UTF-8/) },
    });
  });

  test('A02: what is labelled ISO-8859-1 is read as UTF-8', async () => {
    await endpoint.register({ client_id: 'umlaut', secrets: [aSecret('\u00FCber')] });
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=ISO-8859-1' };
    for (const secret of ['\u00FCber', '%C3%BCber']) {
      const body = Buffer.from(`${grant}&client_id=umlaut&client_secret=${secret}`);
      const request = { headers, isBase64Encoded: true };
      expect(await endpoint.post(body.toString('base64'), request)).toMatchObject({
        statusCode: 200,
      });
    }
  });

  test('A02: escapes and plus signs in names and values are decoded', async () => {
    const form = `grant%5Ftype=client%5Fcredentials&client_id=${postingClient}&client_secret=${client_secret}`;
    const { body } = await endpoint.post(`${form}&scope=read+write&ignored=%C3%BC+%F0%9F%94%91`);
    expect(body.scope).toBe('read write');
  });

  test.for([
    ['__proto__', '__proto__=a&__proto__=b'],
    ['one that is escaped in one place', 'x=a&%78=b'],
    ['constructor', 'constructor=a&constructor=b'],
    ['parameter, 4095 times', 'a=b&'.repeat(4000)],
  ] as const)('A04: a repeated %s is refused like any other', async ([, more]) => {
    expect(await endpoint.post(`${classic}&${more}`)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request', error_description: 'a parameter is repeated' },
    });
  });

  test('A05: a parameter that is called as a member of Object is ignored', async () => {
    const form = `${classic}&__proto__=a&constructor=b&hasOwnProperty=c`;
    expect(await endpoint.post(form)).toMatchObject({ statusCode: 200 });
  });

  test.for([
    ['undefined', undefined],
    ['an empty object', {}],
    ['a string', 'POST'],
    ['a REST event without a context', { httpMethod: 'POST', headers: null, body: null }],
    ['headers of the wrong type', { headers: 7, requestContext: { http: { method: 'POST' } } }],
  ] as const)('A23: an event that is %s makes no 500 and no token', async ([, event]) => {
    const { statusCode } = await endpoint.handler(event);
    expect([400, 405]).toContain(statusCode);
  });
});
