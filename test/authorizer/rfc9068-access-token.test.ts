import { exportJWK, importJWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { audience, start, type TokenChange } from '../support/access-tokens.ts';
import { testKey } from '../support/test-key.ts';
import { events, httpEvent } from './events.ts';
import { issuerKey, testAuthorizer } from './test-authorizer.ts';

const otherKey = await testKey();
const pssKey = { ...issuerKey, alg: 'PS256', privateKey: await pssPrivateKey() };

async function pssPrivateKey() {
  const jwk = { ...(await exportJWK(issuerKey.privateKey)), alg: 'PS256' };
  return (await importJWK(jwk, 'PS256')) as typeof issuerKey.privateKey;
}

const statusList = (change: object) => ({
  status: { status_list: { idx: 0, uri: 'https://as.example.com/status-lists/0', ...change } },
});

type Row = readonly [rule: string, what: string, change: TokenChange, reason: RegExp];

const wrong: readonly Row[] = [
  ['I03', 'no typ', { header: { typ: undefined } }, /typ/],
  ['I03', 'typ JWT', { header: { typ: 'JWT' } }, /typ/],
  ['I03', 'typ of a DPoP proof', { header: { typ: 'dpop+jwt' } }, /typ/],
  ['I03', 'typ of a client assertion', { header: { typ: 'client-authentication+jwt' } }, /typ/],
  ['I03', 'typ of a revocation list', { header: { typ: 'revocation-list+jwt' } }, /typ/],
  ['I03', 'typ that only ends alike', { header: { typ: 'text/at+jwt' } }, /typ/],
  ['I04', 'another issuer', { claims: { iss: 'https://issuer.example.com' } }, /iss/],
  ['I04', 'no issuer', { claims: { iss: undefined } }, /iss/],
  ['I04', 'a list of issuers', { claims: { iss: ['https://issuer.example.com'] } }, /iss/],
  ['I05', 'another audience', { claims: { aud: 'https://other.example.com' } }, /aud/],
  ['I05', 'the audience with a slash', { claims: { aud: `${audience}/` } }, /aud/],
  ['I05', 'no audience', { claims: { aud: undefined } }, /aud/],
  ['I05', 'other audiences', { claims: { aud: ['https://other.example.com'] } }, /aud/],
  ['I05', 'a list with something else', { claims: { aud: [audience, 7] } }, /aud/],
  ['I05', 'an audience that is an object', { claims: { aud: { [audience]: 1 } } }, /aud/],
  ['I06', 'an algorithm that is not configured', { key: pssKey }, /alg/],
  ['I06', "another's signature", { key: otherKey }, /signature/],
  ['I06', 'no kid', { header: { kid: undefined } }, /kid/],
  ['I06', 'a kid that is no text', { header: { kid: 7 } }, /kid/],
  ['I06', 'an unknown kid', { header: { kid: 'unknown' }, key: otherKey }, /no applicable key/],
  ['I07', 'exp just gone', { claims: { exp: start - 5 } }, /"exp"/],
  ['I07', 'no exp', { claims: { exp: undefined } }, /"exp"/],
  ['I07', 'exp as text', { claims: { exp: String(start + 60) } }, /"exp"/],
  ['I07', 'exp as null', { claims: { exp: null } }, /"exp"/],
  ['I07', 'nbf to come', { claims: { nbf: start + 6 } }, /"nbf"/],
  ['I07', 'nbf as text', { claims: { nbf: String(start) } }, /"nbf"/],
  ['I07', 'no iat', { claims: { iat: undefined } }, /"iat"/],
  ['I07', 'iat as text', { claims: { iat: String(start) } }, /"iat"/],
  [
    'I08',
    'an extension that must be understood',
    { header: { crit: ['http://example.com/unknown'], 'http://example.com/unknown': true } },
    /Extension Header Parameter/,
  ],
  ['I08', 'a key of its own (jwk)', { key: otherKey, header: { jwk: otherKey.jwk } }, /signature/],
  [
    'I08',
    'a key set of its own (jku)',
    { key: otherKey, header: { jku: 'https://evil.example.com/jwks.json' } },
    /signature/,
  ],
  [
    'I08',
    'a certificate of its own (x5u)',
    { key: otherKey, header: { x5u: 'https://evil.example.com/x5u' } },
    /signature/,
  ],
  ['I08', 'no sub', { claims: { sub: undefined } }, /sub/],
  ['I08', 'a sub that is no text', { claims: { sub: 7 } }, /sub/],
  ['I08', 'an empty sub', { claims: { sub: '' } }, /sub/],
  ['I08', 'no client_id', { claims: { client_id: undefined } }, /client_id/],
  ['I08', 'a client_id with a line break', { claims: { client_id: 'a\nb' } }, /client_id/],
  ['I08', 'no jti', { claims: { jti: undefined } }, /jti/],
  ['I08', 'a jti that is no text', { claims: { jti: 1 } }, /jti/],
  ['I08', 'claims that are no object', { payload: '["read"]' }, /JWT Claims Set/],
  ['I08', 'claims that are no JSON', { payload: 'secret words' }, /JWT Claims Set/],
  ['I11', 'a scope that is a list', { claims: { scope: ['read'] } }, /scope/],
  ['I11', 'a scope outside the grammar', { claims: { scope: 'read  write' } }, /scope/],
  ['I12', 'a DPoP key (cnf.jkt)', { claims: { cnf: { jkt: otherKey.kid } } }, /cnf/],
  ['I12', 'a certificate (cnf.x5t#S256)', { claims: { cnf: { 'x5t#S256': otherKey.kid } } }, /cnf/],
  ['I12', 'an unknown confirmation', { claims: { cnf: { osc: {} } } }, /cnf/],
  ['I12', 'an empty confirmation', { claims: { cnf: {} } }, /cnf/],
  ['I12', 'a confirmation of null', { claims: { cnf: null } }, /cnf/],
  ['I13', 'a status_list of null', { claims: { status: { status_list: null } } }, /status_list/],
  [
    'I13',
    'a status_list that is a text',
    { claims: { status: { status_list: 'a' } } },
    /status_list/,
  ],
  [
    'I13',
    'a status_list that is empty',
    { claims: { status: { status_list: {} } } },
    /status_list/,
  ],
  ['I13', 'a status without a URI', { claims: statusList({ uri: undefined }) }, /status_list/],
  ['I13', 'a status whose URI is a list', { claims: statusList({ uri: ['a'] }) }, /status_list/],
  ['I13', 'a status without a place', { claims: statusList({ idx: undefined }) }, /status_list/],
  ['I13', 'a status with a place as text', { claims: statusList({ idx: '0' }) }, /status_list/],
  ['I13', 'a status with a place below 0', { claims: statusList({ idx: -1 }) }, /status_list/],
  ['I13', 'a status with half a place', { claims: statusList({ idx: 0.5 }) }, /status_list/],
  ['I13', 'a status beyond any list', { claims: statusList({ idx: 2 ** 53 }) }, /status_list/],
  [
    'I15',
    'a client_id too long for the context',
    { claims: { client_id: 'x'.repeat(257) } },
    /client_id/,
  ],
  ['I15', 'a sub too long for the context', { claims: { sub: 'x'.repeat(257) } }, /sub/],
  ['I15', 'a jti too long for the context', { claims: { jti: 'x'.repeat(257) } }, /jti/],
  [
    'I15',
    'a scope too long for the context',
    { claims: { scope: `read ${'x'.repeat(2048)}` } },
    /scope/,
  ],
];

describe('RFC 9068 §4 a token that is wrong in one way', () => {
  test.for(wrong)('%s: %s is refused', async ([, , change, reason]) => {
    const { handler, bearer, log } = await testAuthorizer();
    const authorization = await bearer(change);
    for (const event of Object.values(events)) {
      await expect(handler(event(authorization))).rejects.toThrow(/^Unauthorized$/);
    }
    expect(log).toHaveLength(3);
    for (const entry of log)
      expect(entry).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason) });
    expect(JSON.stringify(log)).not.toContain(authorization.slice(7));
    expect(JSON.stringify(log)).not.toContain('secret words');
  });

  test("I04: the issuer is compared to the byte: a slash is another's", async () => {
    const { handler, bearer, issuer } = await testAuthorizer();
    const token = await bearer({ claims: { iss: `${issuer.url}/` } });
    await expect(handler(httpEvent(token))).rejects.toThrow(/^Unauthorized$/);
  });
});
