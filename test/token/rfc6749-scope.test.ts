import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { formatScope, parseScope } from '../../functions/oauth/scope.ts';
import { basic } from '../support/http-api-event.ts';
import { api, client_id, client_secret, tokenEndpoint } from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();

const ask = (more: string, id = client_id) =>
  endpoint.post(`grant_type=client_credentials${more}`, {
    headers: { authorization: basic(id, client_secret) },
  });
const invalidScope = { statusCode: 400, body: { error: 'invalid_scope' } };

describe('RFC 6749 §3.3 access token scope', () => {
  test.for([
    ['a quote', '%22'],
    ['a backslash', '%5C'],
    ['two spaces', 'read++write'],
    ['a space in front', '+read'],
    ['a space behind', 'read+'],
    ['a space alone', '+'],
    ['a tab', 'read%09write'],
    ['a line break', 'read%0Awrite'],
    ['a letter outside ASCII', 'r%C3%A9ad'],
    ['an unknown scope-token', 'admin'],
    ['one unknown among known', 'read+admin'],
    ['another case', 'Read'],
    ['a prefix of a scope-token', 'rea'],
    ['a name of Object', 'constructor'],
  ] as const)('A13: %s is invalid_scope', async ([, scope]) => {
    expect(await ask(`&scope=${scope}`)).toMatchObject(invalidScope);
  });

  test('A13: every text is a scope or is refused, and a scope survives the round trip', () => {
    const token = fc.stringMatching(/^[\x21\x23-\x5B\x5D-\x7E]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(token, { minLength: 1 }), (tokens) => {
        expect(formatScope(parseScope(tokens.join(' ')))).toBe(tokens.join(' '));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const lawful = text.split(' ').every((part) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(part));
        if (lawful) expect(formatScope(parseScope(text)).length).toBeGreaterThan(0);
        else expect(() => parseScope(text)).toThrow('scope-tokens');
      }),
    );
  });

  test('A13: a scope of 2048 characters is the longest', async () => {
    expect(parseScope('a'.repeat(2048)).size).toBe(1);
    expect(() => parseScope('a'.repeat(2049))).toThrow('2048');
  });

  test('A14: without a scope the client gets all that it may have', async () => {
    expect(await ask('')).toMatchObject({ statusCode: 200, body: { scope: 'read write' } });
  });

  test.for([
    ['has a grant of no scopes', new Set<string>()],
    ['has a grant of scopes that the API no longer has', new Set(['withdrawn'])],
  ] as const)('A14: a client that %s gets a token without scope', async ([, granted]) => {
    await endpoint.register({ client_id: 'bare', grants: new Map([[api, granted]]) });
    const { statusCode, body } = await ask('', 'bare');
    expect(statusCode).toBe(200);
    expect(body).toEqual({
      access_token: body.access_token,
      token_type: 'Bearer',
      expires_in: 3600,
    });
    expect(decodeJwt(body.access_token)).not.toHaveProperty('scope');
    expect(await ask('&scope=read', 'bare')).toMatchObject(invalidScope);
  });

  test('A14: a client of an API that has no scopes gets a token without scope', async () => {
    const plain = 'https://plain.example.com';
    await endpoint.registerApi({ resource: plain, scope: new Set() });
    await endpoint.register({ client_id: 'plain', grants: new Map([[plain, new Set<string>()]]) });
    const { body } = await ask('&scope=', 'plain');
    expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'expires_in']);
    expect(decodeJwt(body.access_token)).not.toHaveProperty('scope');
  });

  test.for([
    ['read', 'read'],
    ['write+read', 'write read'],
    ['read+read', 'read'],
  ] as const)('A15: the response says what was granted: %s', async ([scope, granted]) => {
    expect(await ask(`&scope=${scope}`)).toMatchObject({
      statusCode: 200,
      body: { scope: granted },
    });
  });
});
