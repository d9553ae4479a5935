import { describe, expect, test } from 'vitest';
import { json } from '../support/document-server.ts';
import { needlessMembers } from '../support/needless-members.ts';
import { testKey } from '../support/test-key.ts';
import { exponentOne, longExponent } from '../support/weak-keys.ts';
import { httpEvent } from './events.ts';
import { issuerKey, testAuthorizer } from './test-authorizer.ts';

const newKey = await testKey();
const allowed = { isAuthorized: true };
const unauthorized = /^Unauthorized$/;

describe('RFC 7517 which keys are used', () => {
  test.for<[string, Record<string, unknown>]>([
    ['for encryption', { use: 'enc' }],
    ['for another algorithm', { alg: 'PS256' }],
    ['that may not verify', { key_ops: ['sign'] }],
    ['without a kid', { kid: undefined }],
    ['whose kid is no text', { kid: 7 }],
    ['with a private exponent', { d: 'AQAB' }],
    ['with a symmetric key', { k: 'AQAB' }],
    ['of another type', { kty: 'oct', k: 'c2VjcmV0' }],
  ])('I06: a key %s is not used', async ([, change]) => {
    const { handler, bearer, issuer } = await testAuthorizer();
    issuer.jwks = json({ keys: [{ ...newKey.jwk, ...change }, issuerKey.jwk] });
    const event = httpEvent(await bearer({}, newKey));
    await expect(handler(event)).rejects.toThrow(unauthorized);
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test.for(needlessMembers)('I06: a key with %s is used', async ([, members]) => {
    const { handler, bearer, issuer } = await testAuthorizer();
    const { alg: _, use: __, ...jwk } = issuerKey.jwk;
    issuer.jwks = json({ keys: [{ ...jwk, ...members }] });
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test('I06: members that are no keys do no harm to the others', async () => {
    const { handler, bearer, issuer } = await testAuthorizer();
    issuer.jwks = json({ keys: [null, 7, 'key', [], {}, issuerKey.jwk] });
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test.for([
    ['the exponent 1, for which anybody can sign', exponentOne],
    ['an exponent as long as its modulus', longExponent],
  ] as const)('B15: an RSA key with %s is left out by itself', async ([, { jwk, sign }]) => {
    const { handler, bearer, issuer } = await testAuthorizer();
    issuer.jwks = json({ keys: [{ ...jwk, kid: newKey.kid }, issuerKey.jwk] });
    const [scheme, token = ''] = (await bearer({}, newKey)).split(' ');
    const input = token.slice(0, token.lastIndexOf('.'));
    const forged = `${scheme} ${input}.${sign(input).toString('base64url')}`;
    await expect(handler(httpEvent(forged))).rejects.toThrow(unauthorized);
    expect(await handler(httpEvent(await bearer()))).toMatchObject(allowed);
  });

  test('I06: two keys with one kid vouch for nothing', async () => {
    const { handler, bearer, issuer } = await testAuthorizer();
    issuer.jwks = json({ keys: [{ ...newKey.jwk, kid: issuerKey.kid }, issuerKey.jwk] });
    await expect(handler(httpEvent(await bearer()))).rejects.toThrow(unauthorized);
  });
});
