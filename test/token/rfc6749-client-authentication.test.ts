import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newClientSecret } from '../../functions/oauth/client-secret.ts';
import { basic } from '../support/http-api-event.ts';
import {
  aSecret,
  client_id,
  client_secret,
  postingClient,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const grant = 'grant_type=client_credentials';
const right = basic(client_id, client_secret);
const inBody = `&client_id=${client_id}&client_secret=${client_secret}`;

const withBasic = (authorization: string, more = '') =>
  endpoint.post(grant + more, { headers: { authorization } });
const withBasicOf = (id: string, secret: string) =>
  withBasic(basic(encodeURIComponent(id), secret));
const withForm = (id: string, secret: string) =>
  endpoint.post(`${grant}&client_id=${encodeURIComponent(id)}&client_secret=${secret}`);

const body = { error: 'invalid_client', error_description: 'client authentication failed' };
/** By the Authorization header, and without it (RFC 6749 §5.2). */
const invalidClient = { statusCode: 401, body };
const invalidInBody = { statusCode: 400, body };
/** To whoever has shown the right secret (RFC 7521 §4.2.1, for assertions). */
const explained = (statusCode: 400 | 401, why: string) => ({
  statusCode,
  body: { ...body, error_description: `client authentication failed: ${why}` },
});

describe('RFC 6749 §3.2.1 client authentication', () => {
  test.for([
    ['no credentials at all', ''],
    ['a client_id alone', `&client_id=${client_id}`],
    ['a secret alone', `&client_secret=${client_secret}`],
    ['an empty secret', `&client_id=${client_id}&client_secret=`],
  ] as const)('A07: %s is invalid_client', async ([, more]) => {
    expect(await endpoint.post(grant + more)).toMatchObject(invalidInBody);
  });

  test('A07: a client without any secret cannot authenticate', async () => {
    await endpoint.register({ client_id: 'public', secrets: [] });
    expect(await withBasic(basic('public', 'x'))).toMatchObject(invalidClient);
    expect(await endpoint.post(`${grant}&client_id=public`)).toMatchObject(invalidInBody);
  });

  test.for([
    ['Basic and a secret in the body', right, inBody],
    ['Basic and a secret of another in the body', right, '&client_id=x&client_secret=y'],
    ['Basic and an assertion', right, '&client_assertion=e.e.e'],
    ['Basic and an assertion type', right, '&client_assertion_type=urn%3Ax'],
    ['a secret and an assertion', undefined, `${inBody}&client_assertion=e.e.e`],
    ['another client_id in the body', right, '&client_id=another'],
  ] as const)('A08: %s is invalid_request', async ([, authorization, more]) => {
    const init = authorization === undefined ? {} : { headers: { authorization } };
    expect(await endpoint.post(`${grant}${more}`, init)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request' },
    });
  });

  test('A08: the same client_id again in the body is fine', async () => {
    expect(await withBasic(right, `&client_id=${client_id}`)).toMatchObject({ statusCode: 200 });
  });

  test('A10: the classic request works for a client that is registered for Basic', async () => {
    const form = `grant_type=client_credentials&client_id=${client_id}&client_secret=${client_secret}`;
    expect(await endpoint.post(form)).toMatchObject({
      statusCode: 200,
      body: {
        access_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 3600,
        scope: 'read write',
      },
    });
    expect(endpoint.audited.at(-1)).toMatchObject({
      presented: 'client_secret_post',
      auth_method: 'client_secret_basic',
    });
  });

  test('A10: a secret is taken by Basic and in the body, whichever is registered', async () => {
    const toPost = basic(postingClient, client_secret);
    expect(await withBasic(right)).toMatchObject({ statusCode: 200 });
    expect(await withForm(client_id, client_secret)).toMatchObject({ statusCode: 200 });
    expect(await withForm(postingClient, client_secret)).toMatchObject({ statusCode: 200 });
    expect(await withBasic(toPost)).toMatchObject({ statusCode: 200 });
    expect(endpoint.audited.at(-1)).toMatchObject({
      presented: 'client_secret_basic',
      auth_method: 'client_secret_post',
    });
  });

  test('A10: a strict deployment takes it where the client is registered to send it, and nowhere else', async () => {
    const strict = endpoint.another({ clientSecretMethod: 'registered' });
    const byBasic = (id: string) =>
      strict(grant, { headers: { authorization: basic(id, client_secret) } });
    const byForm = (id: string) =>
      strict(`${grant}&client_id=${id}&client_secret=${client_secret}`);
    expect(await byBasic(client_id)).toMatchObject({ statusCode: 200 });
    expect(await byForm(client_id)).toMatchObject(
      explained(400, 'the client is registered for client_secret_basic'),
    );
    expect(await byForm(postingClient)).toMatchObject({ statusCode: 200 });
    expect(await byBasic(postingClient)).toMatchObject(
      explained(401, 'the client is registered for client_secret_post'),
    );
    const wrong = await strict(grant, { headers: { authorization: basic(postingClient, 'x') } });
    expect(wrong).toMatchObject(invalidClient);
  });

  test('A10: a wrong secret is refused on either way', async () => {
    expect(await withForm(client_id, 'wrong')).toMatchObject(invalidInBody);
    expect(await withBasic(basic(postingClient, 'wrong'))).toMatchObject(invalidClient);
  });
});

describe('RFC 6749 §2.3.1 client password', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');

  test('A09: identifier and secret are form-decoded after the split', async () => {
    const secrets = [aSecret('p+q %:ü')];
    await endpoint.register({ client_id: 'a b:c', secrets });
    const credentials = encode('a+b%3Ac:p%2Bq+%25:%C3%BC');
    expect(await withBasic(`Basic ${credentials}`)).toMatchObject({ statusCode: 200 });
  });

  test('A09: the scheme is case-insensitive, and more than one space may follow', async () => {
    expect(await withBasic(right.replace('Basic', 'bAsIc'))).toMatchObject({ statusCode: 200 });
    expect(await withBasic(right.replace('Basic', 'Basic  '))).toMatchObject({ statusCode: 200 });
  });

  test('A09: everything behind the first colon is the secret', async () => {
    expect(await withBasic(basic(client_id, `${client_secret}:junk`))).toMatchObject(invalidClient);
    expect(await withBasic(basic(client_id, `:${client_secret}`))).toMatchObject(invalidClient);
  });

  test.for([
    ['%zz in the secret', `Basic ${encode('s6BhdRkqt3:%zz')}`],
    ['%zz in the identifier', `Basic ${encode('%zz:gX1fBat3bV')}`],
    ['no colon', `Basic ${encode('s6BhdRkqt3')}`],
    ['an empty secret', `Basic ${encode('s6BhdRkqt3:')}`],
    ['an empty identifier', `Basic ${encode(':gX1fBat3bV')}`],
    ['no credentials', 'Basic'],
    ['an empty value', ''],
    ['characters outside base64', 'Basic !!!!'],
    ['base64url', 'Basic _-8='],
    ['junk behind the padding', `${right} x`],
    ['two headers in one', `${right},${right}`],
    ['another scheme', 'Bearer gX1fBat3bV'],
    ['another scheme with good credentials', right.replace('Basic', 'Digest')],
    ['bytes that are no UTF-8', `Basic ${Buffer.from([0xff, 0x3a, 0xff]).toString('base64')}`],
  ] as const)('A09: %s in the header is invalid_client, not a 500', async ([, authorization]) => {
    expect(await withBasic(authorization)).toMatchObject(invalidClient);
  });
});

describe('RFC 6749 §10.10 guessing', () => {
  test('A22: a secret carries 256 random bits in unreserved characters', () => {
    const secrets = Array.from({ length: 200 }, newClientSecret);
    const random = secrets.map((secret) => /^countersign_([\w-]{43})[\w-]{6}$/.exec(secret)?.[1]);
    expect(random.map((text) => Buffer.from(String(text), 'base64url').length)).toEqual(
      secrets.map(() => 32),
    );
    expect(new Set(random).size).toBe(200);
  });

  test('A22: its last six characters are a checksum, by which a scanner tells it from a likeness', () => {
    const secret = newClientSecret();
    const digest = createHash('sha256').update(secret.slice(0, -6)).digest('base64url');
    expect(secret.slice(-6)).toBe(digest.slice(0, 6));
  });

  test('A21: what failed is told to nobody without a right secret: the answers are the same to the byte', async () => {
    const secrets = [aSecret(client_secret, { expires_at: stoppedAt })];
    await endpoint.register({ client_id: 'expired', secrets });
    await endpoint.register({ client_id: 'disabled', disabled: true });
    await endpoint.register({
      client_id: 'keyless',
      token_endpoint_auth_method: 'private_key_jwt',
      secrets: [],
    });
    const answers = await Promise.all([
      withBasicOf(client_id, 'wrong'),
      withBasicOf('nobody', client_secret),
      withBasicOf('expired', 'wrong'),
      withBasicOf('disabled', 'wrong'),
      withBasicOf('keyless', client_secret),
      withBasic('Basic !!!!'),
    ]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject(invalidClient);
  });

  test.for([
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['an empty-looking one', ' '],
    ['one longer than any key', 'x'.repeat(3000)],
    ['one with a null byte', 'a\u0000b'],
    ['one outside ASCII', 'ключ'],
    ['one that looks like a registry key', `client#${client_id}`],
  ] as const)('A21: the client_id %s is just unknown', async ([, id]) => {
    expect(await withBasicOf(id, client_secret)).toMatchObject(invalidClient);
  });

  test('A21: a registered client may be called __proto__', async () => {
    await endpoint.register({ client_id: '__proto__' });
    expect(await withBasicOf('__proto__', client_secret)).toMatchObject({ statusCode: 200 });
  });

  test('A21: a secret is good until the second of its expiry, beside others', async () => {
    const secrets = [
      aSecret('old', { expires_at: stoppedAt + 1 }),
      aSecret('older', { expires_at: stoppedAt }),
      aSecret('new'),
    ];
    await endpoint.register({ client_id: 'rotating', secrets });
    expect(await withBasicOf('rotating', 'old')).toMatchObject({ statusCode: 200 });
    const at = '2023-11-14T22:13:20.000Z';
    const { id } = secrets[1] ?? {};
    expect(await withBasicOf('rotating', 'older')).toMatchObject(
      explained(401, `the secret ${id} expired at ${at}`),
    );
    expect(endpoint.audited.at(-1)?.reason).toBe(`the secret ${id} expired at ${at}`);
    expect(await withBasicOf('rotating', 'new')).toMatchObject({ statusCode: 200 });
  });

  test.for([
    ['is disabled', { disabled: true }, 'the client is disabled'],
    [
      'has come to sign',
      { token_endpoint_auth_method: 'private_key_jwt' },
      'the client is registered for private_key_jwt',
    ],
    [
      'is disabled, and its secret has expired',
      { disabled: true, secrets: [aSecret(client_secret, { expires_at: 1 })] },
      'the client is disabled',
    ],
  ] as const)('A21: whoever has the right secret is told that the client %s', async (row) => {
    const [, special, why] = row;
    await endpoint.register({ client_id: 'known', ...special });
    expect(await withBasicOf('known', client_secret)).toMatchObject(explained(401, why));
    expect(await withForm('known', client_secret)).toMatchObject(explained(400, why));
    expect(await withBasicOf('known', 'wrong')).toMatchObject(invalidClient);
    // The log says so in any case.
    expect(endpoint.audited.at(-1)?.reason).toBe(why);
  });
});
