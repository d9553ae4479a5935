import { describe, expect, test } from 'vitest';
import { audience, start, type TokenChange } from '../support/access-tokens.ts';
import { json } from '../support/document-server.ts';
import { testKey } from '../support/test-key.ts';
import { httpEvent } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

const otherKey = await testKey();

describe('RFC 9068 §4 a token that is right', () => {
  test.for<[rule: string, what: string, change: TokenChange]>([
    ['I03', 'typ in its long form', { header: { typ: 'application/at+jwt' } }],
    ['I03', 'typ in capitals', { header: { typ: 'AT+JWT' } }],
    [
      'I05',
      'this audience among others',
      { claims: { aud: ['https://other.example.com', audience] } },
    ],
    ['I07', 'no nbf', { claims: { nbf: undefined } }],
    ['I07', 'exp gone within the tolerance', { claims: { exp: start - 4 } }],
    ['I07', 'nbf to come within the tolerance', { claims: { nbf: start + 5 } }],
    ['I13', 'a status of another kind', { claims: { status: { assertion: { credential: 'a' } } } }],
    ['I13', 'a status that is no object', { claims: { status: 'active' } }],
    ['I13', 'a status of null', { claims: { status: null } }],
    ['I08', 'claims that nobody here knows', { claims: { roles: ['x'], azp: 7 } }],
  ])('%s: %s is accepted', async ([, , change]) => {
    const { handler, bearer } = await testAuthorizer();
    expect(await handler(httpEvent(await bearer(change)))).toMatchObject({ isAuthorized: true });
  });

  test.for(['ES256', 'PS256', 'Ed25519'])(
    'I06: %s is accepted where it is configured',
    async (alg) => {
      const key = await testKey(alg);
      const { handler, bearer } = await testAuthorizer({ keys: [key], algorithms: ['RS256', alg] });
      const answered = await handler(httpEvent(await bearer({}, key)));
      expect(answered).toMatchObject({ isAuthorized: true });
    },
  );

  test("I08: the header's own keys are not looked at, and nobody asks for them", async () => {
    const { handler, bearer, issuer } = await testAuthorizer();
    const header = { jku: `${issuer.url}/evil`, x5u: `${issuer.url}/evil`, jwk: otherKey.jwk };
    const answered = await handler(httpEvent(await bearer({ header })));
    expect(answered).toMatchObject({ isAuthorized: true });
    expect(issuer.requests).not.toContain('/evil');
  });
});

describe('remembered tokens', () => {
  test('I07: exp and nbf count at every use, to the second', async () => {
    const { handler, bearer, clock } = await testAuthorizer();
    const event = httpEvent(await bearer({ claims: { exp: start + 100, nbf: start } }));
    expect(await handler(event)).toMatchObject({ isAuthorized: true });
    clock.now = start + 104;
    expect(await handler(event)).toMatchObject({ isAuthorized: true });
    clock.now = start + 105;
    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
    clock.now = start - 6;
    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
  });

  test('I07: a token without nbf is remembered too', async () => {
    const { handler, bearer } = await testAuthorizer();
    const event = httpEvent(await bearer({ claims: { nbf: undefined } }));
    expect(await handler(event)).toMatchObject({ isAuthorized: true });
    expect(await handler(event)).toMatchObject({ isAuthorized: true });
  });

  test('I06: a remembered token vouches for no other signature', async () => {
    const { handler, bearer } = await testAuthorizer();
    const authorization = await bearer();
    await handler(httpEvent(authorization));
    const forged = authorization.replace(/.{10}$/, 'AAAAAAAAAA');
    await expect(handler(httpEvent(forged))).rejects.toThrow(/^Unauthorized$/);
  });

  test('I06: the header of a remembered token vouches for no token of another form', async () => {
    const { handler, bearer, log } = await testAuthorizer();
    const authorization = await bearer();
    await handler(httpEvent(authorization));
    const [header = '', payload = '', signature = ''] = authorization.split('.');
    const forms = ['=', '.', `.${signature}`, '~'].map((more) => `${authorization}${more}`);
    for (const form of [...forms, `${header}.`, `${header}.${payload}`, `${header}.${payload}.`]) {
      await expect(handler(httpEvent(form))).rejects.toThrow(/^Unauthorized$/);
      expect(log.at(-1)).toMatchObject({ reason: 'the token is not a JWT' });
    }
  });

  test('I13: a token of a key that the issuer has removed is refused once the keys are fetched', async () => {
    const { handler, bearer, clock, issuer } = await testAuthorizer();
    const event = httpEvent(await bearer());
    expect(await handler(event)).toMatchObject({ isAuthorized: true });
    issuer.jwks = json({ keys: [otherKey.jwk] });
    clock.now = start + 299;
    expect(await handler(event)).toMatchObject({ isAuthorized: true });
    clock.now = start + 300;
    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
  });
});
