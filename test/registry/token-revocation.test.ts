import { describe, expect, test } from 'vitest';
import { longestAccessTokenLifetime } from '../../functions/oauth/key-times.ts';
import { readAccessToken, revokeToken } from '../../registry/token-revocation.ts';
import { aRegistry, startedAt } from './a-registry.ts';

const issuer = 'https://as.example.com';
const status_list = { idx: 7, uri: `${issuer}/status-lists/3` };
const claims = {
  iss: issuer,
  client_id: 's6BhdRkqt3',
  iat: startedAt - 60,
  exp: startedAt + 240,
  jti: 'wTkxFyQDB8q1qVUWyh04Jw',
};

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token whose signature is for the caller to look at. */
const aToken = (special: object = {}, header: object = { typ: 'at+jwt', alg: 'ES256' }): string =>
  `${part(header)}.${part({ ...claims, ...special })}.c2lnbmF0dXJl`;

describe('what is read of a token', () => {
  test('its jti, its times, whose it is and where its status is', () => {
    const read = { jti: claims.jti, exp: claims.exp, iat: claims.iat, client_id: 's6BhdRkqt3' };
    expect(readAccessToken(aToken({ status: { status_list } }), issuer)).toEqual({
      ...read,
      status: status_list,
    });
    expect(readAccessToken(aToken({}, { typ: 'application/AT+JWT' }), issuer)).toEqual(read);
  });

  const noJwt = 'this is no access token: it is no JWT';
  const noToken = `this is no access token that ${issuer} has issued`;
  test.for([
    ['nothing', '', noJwt],
    ['a word', 'token', noJwt],
    ['five parts', 'a.b.c.d.e', noJwt],
    ['a megabyte', 'a'.repeat(2 ** 20), noJwt],
    ['a megabyte in the form of a token', aToken({ more: 'a'.repeat(2 ** 20) }), noJwt],
    ['parts of no JSON', `${'a.'.repeat(2)}a`, noJwt],
    ['an array', `${part({ typ: 'at+jwt' })}.${part([1])}.a`, noJwt],
    [
      'a token of another issuer',
      aToken({ iss: 'https://other.example' }),
      `the token is of another issuer: this deployment is ${issuer}`,
    ],
    ['an issuer of another kind', aToken({ iss: [issuer] }), 'the token is of another issuer'],
    ['a token without an issuer', aToken({ iss: undefined }), noToken],
    ['an ID token', aToken({}, { typ: 'JWT' }), noToken],
    ['one of no type', aToken({}, {}), noToken],
    ['no jti', aToken({ jti: undefined }), noToken],
    ['a jti that steers terminals', aToken({ jti: 'a\u001b[31m' }), noToken],
    ['a long jti', aToken({ jti: 'a'.repeat(129) }), noToken],
    ['a long client_id', aToken({ client_id: 'a'.repeat(257) }), noToken],
    ['no exp', aToken({ exp: undefined }), noToken],
    ['an exp in words', aToken({ exp: 'tomorrow' }), noToken],
    ['an exp between seconds', aToken({ exp: 1.5 }), noToken],
    ['an exp before all time', aToken({ exp: -1 }), noToken],
    ['a status of another form', aToken({ status: 'valid' }), noToken],
    ['a place beyond its list', aToken({ status: { status_list: { idx: 2 ** 20 } } }), noToken],
    ...['https://other.example/status-lists/3', `${issuer}/status-lists/03`, `${issuer}/3`, 7].map(
      (uri) =>
        [
          `a list ${uri}`,
          aToken({ status: { status_list: { ...status_list, uri } } }),
          noToken,
        ] as const,
    ),
  ] as const)('%s is refused', ([, text, sentence]) => {
    expect(() => readAccessToken(text, issuer)).toThrow(sentence);
  });
});

describe('one token is taken back', () => {
  const read = (special: object = {}) => readAccessToken(aToken(special), issuer);
  const known = { kind: 'token', id: claims.jti, revoked_at: startedAt };

  test('with its place, until it has expired by every clock', async () => {
    const { registry, noted } = await aRegistry();
    await revokeToken(registry, read({ status: { status_list } }));
    await revokeToken(registry, read({ status: { status_list } }));
    expect(await noted()).toEqual([
      {
        ...known,
        status: status_list,
        client_id: 's6BhdRkqt3',
        iat: claims.iat,
        expires_at: claims.exp + 60,
      },
    ]);
  });

  test('by its jti alone, for as long as a token can live', async () => {
    const { registry, noted } = await aRegistry();
    await revokeToken(registry, { jti: claims.jti });
    expect(await noted()).toEqual([
      { ...known, expires_at: startedAt + longestAccessTokenLifetime + 60 },
    ]);
  });

  test('one that has expired by the clock of the store: nothing is noted', async () => {
    const { registry, noted } = await aRegistry();
    const expired = await revokeToken(registry, read({ exp: startedAt - 60 }));
    expect(expired).toEqual({ revocation: undefined, expires_at: startedAt });
    expect(await noted()).toEqual([]);
    // A clock that is behind may yet let it in.
    const late = await revokeToken(registry, read({ exp: startedAt - 59 }));
    // A list that names it in its last second names it in those after, too: else its `iat` would go back.
    expect(late.expires_at).toBe(startedAt + 60);
    expect(await noted()).toEqual([late.revocation]);
  });

  test('one that lives longer than any is none', async () => {
    const { registry, noted } = await aRegistry();
    const exp = startedAt + longestAccessTokenLifetime + 61;
    await expect(revokeToken(registry, read({ exp }))).rejects.toThrow('has not signed it');
    await revokeToken(registry, read({ exp: exp - 1 }));
    expect(await noted()).toHaveLength(1);
  });

  test('in a deployment that is older than revocation it is refused', async () => {
    const { registry } = await aRegistry();
    const old = { ...registry, revocations: undefined };
    await expect(revokeToken(old, read())).rejects.toThrow(
      'this deployment can take no token back yet: deploy it again',
    );
  });
});
