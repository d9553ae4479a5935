import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportSPKI, importJWK } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  type AssertionChange,
  assertionAlgorithms,
  assertionForm,
  signAssertion,
} from '../support/assertions.ts';
import { basic, type RequestInit } from '../support/http-api-event.ts';
import { testKey } from '../support/test-key.ts';
import {
  api,
  client_id,
  client_secret,
  issuer,
  mtlsOrigin,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const key = await testKey('ES256');
const rsaKey = await testKey('RS256');
const ofAnother = await testKey('ES256');
await endpoint.register({
  token_endpoint_auth_method: 'private_key_jwt',
  secrets: [],
  jwks: { keys: [key.jwk, rsaKey.jwk] },
});

const ask = async (
  change: AssertionChange = {},
  more: Readonly<Record<string, string>> = {},
  init: RequestInit = {},
) => endpoint.post(assertionForm(await signAssertion(key, change), more), init);
const reason = () => endpoint.audited.at(-1)?.reason;

const issued = { statusCode: 200, body: { token_type: 'Bearer', scope: 'read write' } };

/** What every failed client authentication is answered, to the byte. */
const refused = await endpoint.post('grant_type=client_credentials');

/** What a client is answered whose signature is right: all that is said beyond this (RFC 7521 §4.2.1). */
const explained = (why: string | RegExp) => ({
  ...refused,
  body: { ...refused.body, error_description: expect.stringMatching(why) },
});

describe('RFC 7523 §2.2 using JWTs for client authentication', () => {
  test('B01: a client that signs with its own key gets a token, and no secret has travelled', async () => {
    expect(await ask()).toMatchObject(issued);
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'issued',
      client_id,
      auth_method: 'private_key_jwt',
      assertion_kid: key.kid,
      aud: api,
    });
    expect(endpoint.audited.at(-1)).not.toHaveProperty('secret_id');
  });

  test.for(assertionAlgorithms)('B09: an assertion may be signed by %s', async (alg) => {
    const own = await testKey(alg);
    await endpoint.register({
      client_id: alg,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [own.jwk] },
    });
    const assertion = await signAssertion(own, { claims: { iss: alg, sub: alg } });
    expect(await endpoint.post(assertionForm(assertion))).toMatchObject(issued);
  });

  test.for([
    ['is missing', { client_assertion_type: '' }],
    [
      'is that of SAML',
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    ],
    [
      'differs in case',
      { client_assertion_type: 'URN:ietf:params:oauth:client-assertion-type:jwt-bearer' },
    ],
  ] as const)('B01: client_assertion_type %s', async ([, more]) => {
    expect(await ask({}, more)).toEqual(refused);
    expect(reason()).toBe('another client_assertion_type');
  });

  test.for([
    ['two JWTs in one value', (jwt: string) => `${jwt} ${jwt}`, 'not one JWT'],
    ['two JWTs with a tilde', (jwt: string) => `${jwt}~${jwt}`, 'not one JWT'],
    ['five parts, as of a JWE', (jwt: string) => `${jwt}.a.b`, 'not one JWT'],
    ['padding', (jwt: string) => `${jwt}==`, 'not one JWT'],
    ['a line break', (jwt: string) => `${jwt}\n`, 'not one JWT'],
    ['no JWT', () => 'not.a.jwt', 'not a JWT'],
    ['an empty header', (jwt: string) => jwt.replace(/^[^.]+/, 'e30'), 'alg is none'],
    ['a header that is no object', (jwt: string) => jwt.replace(/^[^.]+/, 'W10'), 'not a JWT'],
  ] as const)('B01: %s is not exactly one JWT', async ([, change, why]) => {
    const form = assertionForm(change(await signAssertion(key)));
    expect(await endpoint.post(form)).toEqual(refused);
    expect(reason()).toMatch(why);
  });

  test('B01: a type without an assertion proves nothing', async () => {
    const form = assertionForm('').replace('client_assertion=&', '');
    expect(await endpoint.post(form)).toEqual(refused);
    expect(reason()).toBe('no client_assertion');
  });

  test('B01: an assertion of a megabyte is refused unread', async () => {
    const form = assertionForm('e'.repeat(1_000_000));
    expect(await endpoint.post(form)).toEqual(refused);
    expect(reason()).toBe('the assertion is too large');
    // Whatever else is too large is the fault of the request.
    expect(await endpoint.post(`not_a_client_assertion=${'e'.repeat(20_000)}`)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request' },
    });
  });

  test('A04: the parameter twice is invalid_request, as any that is repeated', async () => {
    const assertion = await signAssertion(key);
    const form = `${assertionForm(assertion)}&client_assertion=${assertion}`;
    expect(await endpoint.post(form)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_request' },
    });
  });

  test('B02: the client_id beside it must be the same, and may be left out', async () => {
    expect(await ask({}, { client_id })).toMatchObject(issued);
    await endpoint.register({ client_id: 'another' });
    expect(await ask({}, { client_id: 'another' })).toEqual(refused);
    await endpoint.register({
      client_id: 'with a key',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
    });
    expect(await ask({}, { client_id: 'with a key' })).toEqual(
      explained(`: iss of the assertion is not with a key; iss is ${client_id}$`),
    );
    expect(reason()).toBe('iss of the assertion is not with a key');
  });

  test('B03: with client_id, iss and sub must be the client all the same', async () => {
    expect(await ask({ claims: { sub: 'another' } }, { client_id })).toEqual(
      explained(`: sub of the assertion is not ${client_id}; sub is another$`),
    );
    expect(reason()).toBe(`sub of the assertion is not ${client_id}`);
    expect(await ask({ claims: { iss: 'another' } }, { client_id })).toEqual(
      explained(`: iss of the assertion is not ${client_id}; iss is another$`),
    );
    const signer = ofAnother.privateKey;
    expect(await ask({ claims: { sub: 'another' }, signer }, { client_id })).toEqual(refused);
  });
});

const usedBefore = explained(': the assertion was used before \\(jti\\)$');

type Refusal = readonly [what: string, why: string | RegExp, change: AssertionChange];

const refusals: readonly Refusal[] = [
  ['B03: no iss', 'no iss', { claims: { iss: undefined } }],
  ['B03: no sub', 'no sub', { claims: { sub: undefined } }],
  ['B03: an iss that is no text', 'no iss', { claims: { iss: 1 } }],
  ['B03: an iss that is not the sub', /iss is not sub/, { claims: { iss: 'another' } }],
  ['B03: an unknown client', 'unknown client_id', { claims: { iss: 'nobody', sub: 'nobody' } }],
  ['B09: the key of another', /signature verification failed/, { signer: ofAnother.privateKey }],
  ['B09: an unknown kid', /no applicable key/i, { header: { kid: ofAnother.kid } }],
  ['B09: a kid that is no text', 'a malformed kid', { header: { kid: 1 } }],
  [
    'B09: the alg of another key type',
    /no applicable key/i,
    { header: { alg: 'RS256' }, signer: rsaKey.privateKey },
  ],
  ['B12: an access token', /typ/, { header: { typ: 'at+jwt' } }],
  ['B12: an access token by its media type', /typ/, { header: { typ: 'application/at+JWT' } }],
  ['B12: a DPoP proof', /typ/, { header: { typ: 'dpop+jwt' } }],
  ['B12: a typ that is no text', /typ/, { header: { typ: 1 } }],
  ['B12: a typ that cannot be made one', /typ/, { header: { typ: { toString: 1 } } }],
  ['B12: a typ in a list', /typ/, { header: { typ: ['jwt'] } }],
];

const ours = `${issuer} or ${issuer}/token or ${mtlsOrigin}/token`;
const notOurs = (aud: string) => `aud of the assertion is not ${ours}; aud is ${aud}`;
const other = 'https://other.example.com';
const inAnHour = (seconds: number | string) =>
  `the assertion lives for ${seconds} seconds, and may for 3600 (exp)`;

/** What a client is told of an assertion that it has signed. */
const explanations: readonly Refusal[] = [
  ['B04: no aud', 'the assertion has no aud', { claims: { aud: undefined } }],
  ['B04: another aud', notOurs(other), { claims: { aud: other } }],
  ['B04: an aud with a slash more', notOurs(`${issuer}/`), { claims: { aud: `${issuer}/` } }],
  [
    'B04: an aud in capitals',
    notOurs(issuer.toUpperCase()),
    { claims: { aud: issuer.toUpperCase() } },
  ],
  [
    'B04: an aud for us and another, who could use it here',
    notOurs(`[${issuer}, ${other}]`),
    { claims: { aud: [issuer, other] } },
  ],
  ['B04: an empty aud', notOurs('[]'), { claims: { aud: [] } }],
  [
    'A19, B04: an aud with what an answer may not have',
    notOurs('?a????script>?'),
    { claims: { aud: '"a\\\r\n<script>é'.replace('<', '\u0000') } },
  ],
  [
    'A19, B04: an aud without end',
    notOurs(`${'x'.repeat(100)}...`),
    { claims: { aud: 'x'.repeat(5000) } },
  ],
  [
    'B10: an aud that is a number',
    'aud of the assertion is of a wrong type',
    { claims: { aud: 1 } },
  ],
  [
    'B10: an aud with a number in it',
    'aud of the assertion is of a wrong type',
    { claims: { aud: [issuer, 1] } },
  ],
  ['B05: no exp', 'the assertion has no exp', { claims: { exp: undefined } }],
  [
    'B05: expired',
    'the assertion expired 95 seconds ago (exp)',
    { claims: { iat: stoppedAt - 155, exp: stoppedAt - 95 } },
  ],
  [
    'B05: expired by a fraction',
    'the assertion expired 31 seconds ago (exp)',
    { claims: { exp: stoppedAt - 30.6 } },
  ],
  [
    'B10: an exp that is a text',
    'exp of the assertion is of a wrong type',
    { claims: { exp: String(stoppedAt + 60) } },
  ],
  [
    'B05: an exp without end',
    inAnHour('Infinity'),
    { payload: payload({ exp: 'INFINITY' }, '1e999') },
  ],
  ['B05: more than an hour', inAnHour(3901), { claims: { exp: stoppedAt + 3901 } }],
  [
    'B05: more than an hour from now, without iat',
    inAnHour(3631),
    { claims: { iat: undefined, exp: stoppedAt + 3631 } },
  ],
  [
    'B06: not yet valid',
    'the assertion is not valid before 31 seconds from now (nbf)',
    { claims: { nbf: stoppedAt + 31 } },
  ],
  [
    'B10: an nbf that is a text',
    'nbf of the assertion is of a wrong type',
    { claims: { nbf: 'now' } },
  ],
  [
    'B07: issued in the future',
    'the assertion was made 31 seconds from now (iat)',
    { claims: { iat: stoppedAt + 31 } },
  ],
  [
    'B10: an iat that is a text',
    'iat of the assertion is of a wrong type',
    { claims: { iat: 'now' } },
  ],
  ['B07: issued long ago', inAnHour(3901), { claims: { iat: stoppedAt - 3841 } }],
  ['B08: no jti', 'the assertion has no jti', { claims: { jti: undefined } }],
  ['B08: a jti that is no text', 'the assertion has no jti', { claims: { jti: 1 } }],
];

/** Claims with a number in them that JSON.stringify does not write. */
function payload(claims: Readonly<Record<string, unknown>>, number: string): string {
  const all = { iss: client_id, sub: client_id, aud: issuer, jti: randomUUID(), ...claims };
  return JSON.stringify(all).replace('"INFINITY"', number);
}

describe('RFC 7523 §3 JWT format and processing requirements', () => {
  test.for(refusals)('%s is invalid_client, and the log says why', async ([, why, change]) => {
    expect(await ask(change)).toEqual(refused);
    expect(reason()).toEqual(expect.stringMatching(why));
  });

  test.for(explanations)('%s is told to the client', async ([, why, change]) => {
    const { statusCode, headers, body } = await ask(change, {}, { sourceIp: '192.0.2.5' });
    expect({ statusCode, headers }).toEqual({ statusCode: 400, headers: refused.headers });
    expect(body).toEqual({
      error: 'invalid_client',
      error_description: `client authentication failed: ${why}`,
    });
    // The log says the same, and quotes nothing.
    expect(why).toContain(reason());
  });

  test.for(explanations)('%s is told to nobody else', async ([, , change]) => {
    const sourceIp = '192.0.2.4';
    const strange = { ...change, signer: ofAnother.privateKey };
    expect(await ask(strange, {}, { sourceIp })).toEqual(refused);
  });

  test('B09: alg none is refused', async () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [, claims] = (await signAssertion(key)).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      const unsigned = `${encode({ alg, kid: key.kid })}.${claims}.`;
      expect(await endpoint.post(assertionForm(unsigned))).toEqual(refused);
    }
  });

  test.for(['HS256', 'HS384', 'HS512'])(
    'B09: %s with the public key as its secret is refused',
    async (alg) => {
      const secrets = [
        new TextEncoder().encode(JSON.stringify(rsaKey.jwk)),
        new TextEncoder().encode(await exportSPKI(await publicKey())),
        Buffer.from(String(rsaKey.jwk.n), 'base64url'),
      ];
      for (const signer of secrets) {
        expect(await ask({ header: { alg, kid: rsaKey.kid }, signer })).toEqual(refused);
        expect(reason()).toBe('alg is none that a client may use');
      }
    },
  );

  test('B09: an unknown critical header parameter is refused (RFC 7515 §4.1.11)', async () => {
    const crit = ['http://example.com/unknown'];
    expect(await ask({ header: { crit, 'http://example.com/unknown': true } })).toEqual(refused);
    expect(reason()).toBe('a critical header parameter (crit)');
  });

  test('B09: keys in the header count for nothing, in either direction', async () => {
    const header = {
      jwk: ofAnother.jwk,
      jku: 'https://attacker.example.com/jwks.json',
      x5u: 'https://attacker.example.com/cert.pem',
      x5c: ['MIIB'],
    };
    expect(await ask({ header, signer: ofAnother.privateKey })).toEqual(refused);
    expect(
      await ask({ header: { ...header, kid: undefined }, signer: ofAnother.privateKey }),
    ).toEqual(refused);
    expect(await ask({ header })).toMatchObject(issued);
  });

  test('B09: without a kid the client is tried for every key that fits', async () => {
    const second = await testKey('ES256');
    await endpoint.register({
      client_id: 'two keys',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk, second.jwk] },
    });
    const claims = { iss: 'two keys', sub: 'two keys' };
    const form = async (signer: typeof key) =>
      assertionForm(await signAssertion(signer, { claims, header: { kid: undefined } }));
    expect(await endpoint.post(await form(second))).toMatchObject(issued);
    expect(await endpoint.post(await form(ofAnother))).toEqual(refused);
    const late = { ...claims, exp: stoppedAt - 30 };
    const expired = await signAssertion(second, { claims: late, header: { kid: undefined } });
    expect(await endpoint.post(assertionForm(expired))).toEqual(
      explained('expired 30 seconds ago'),
    );
  });

  test('B09: three keys are tried and no more', async () => {
    const others = await Promise.all(Array.from({ length: 3 }, () => testKey('ES256')));
    await endpoint.register({
      client_id: 'many keys',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [...others, key].map(({ jwk }) => jwk) },
    });
    const claims = { iss: 'many keys', sub: 'many keys' };
    expect(await ask({ claims, header: { kid: undefined } })).toEqual(refused);
    expect(await ask({ claims })).toMatchObject(issued);
  });

  test('B09: a key set of no use is no key', async () => {
    for (const jwks of [
      undefined,
      { keys: [] },
      { keys: [{ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }] },
    ]) {
      await endpoint.register({
        client_id: 'keyless',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks,
      });
      const claims = { iss: 'keyless', sub: 'keyless' };
      expect(await ask({ claims, header: { kid: undefined } })).toEqual(refused);
    }
  });

  test.for([
    ['the token endpoint', `${issuer}/token`],
    ['the token endpoint for certificates', `${mtlsOrigin}/token`],
    ['both of them and the issuer', [issuer, `${issuer}/token`]],
    ['the issuer alone, in an array', [issuer]],
  ] as const)('B04: the audience may be %s', async ([, aud]) => {
    expect(await ask({ claims: { aud } })).toMatchObject(issued);
  });

  test('B04: for a strict client the audience is the issuer and nothing else (RFC 7523bis)', async () => {
    await endpoint.register({
      client_id: 'strict',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
      strict_assertion_audience: true,
    });
    const strict = { iss: 'strict', sub: 'strict' };
    expect(await ask({ claims: strict })).toMatchObject(issued);
    for (const aud of [`${issuer}/token`, [issuer, `${issuer}/token`], [issuer, issuer]]) {
      const answer = await ask({ claims: { ...strict, aud } });
      expect(answer).toEqual(explained(`aud of the assertion is not ${issuer}; aud is `));
    }
  });

  test.for([
    ['exp was 29 seconds ago', { iat: stoppedAt - 60, exp: stoppedAt - 29 }],
    ['nbf is in 30 seconds', { nbf: stoppedAt + 30 }],
    ['iat is in 30 seconds', { iat: stoppedAt + 30 }],
    ['it lives for ten minutes', { exp: stoppedAt + 600 }],
    ['it lives for an hour', { exp: stoppedAt + 3600 }],
    ['it is dated back by a minute', { iat: stoppedAt - 60, exp: stoppedAt + 3600 }],
    ['it is dated back by five', { iat: stoppedAt - 300, exp: stoppedAt + 3600 }],
    ['it has no iat', { iat: undefined, exp: stoppedAt + 3600 }],
    ['it was made an hour ago', { iat: stoppedAt - 3590, exp: stoppedAt + 10 }],
  ] as const)('B05: clocks may differ a little: %s', async ([, claims]) => {
    expect(await ask({ claims })).toMatchObject(issued);
  });

  test.for([60, 600, 43_200])('B05: a deployment may set the limit: %i s', async (limit) => {
    const post = endpoint.another({ assertionMaxLifetime: limit });
    const sourceIp = '192.0.2.3';
    const living = async (seconds: number) => {
      const assertion = await signAssertion(key, { claims: { exp: stoppedAt + seconds } });
      return post(assertionForm(assertion), { sourceIp });
    };
    expect(await living(limit + 300)).toMatchObject(issued);
    expect(await living(limit + 301)).toEqual(
      explained(`lives for ${limit + 301} seconds, and may for ${limit} `),
    );
  });

  test.for(['JWT', 'jwt', 'application/jwt', 'client-authentication+jwt'])(
    'B12: typ %s is that of an assertion',
    async (typ) => {
      expect(await ask({ header: { typ } })).toMatchObject(issued);
    },
  );

  test.for([{ typ: null }, { kid: null }, { typ: null, kid: null }])(
    'B09, B12: a header member that is null is none: %j',
    async (header) => {
      expect(await ask({ header })).toMatchObject(issued);
    },
  );

  test('B08: an assertion counts once, at whichever instance', async () => {
    const form = assertionForm(await signAssertion(key));
    expect(await endpoint.post(form)).toMatchObject(issued);
    expect(await endpoint.post(form)).toEqual(usedBefore);
    expect(reason()).toBe('the assertion was used before (jti)');
    expect(await endpoint.another()(form)).toEqual(usedBefore);
  });

  test('B08: of requests that come together, one is let through', async () => {
    const form = assertionForm(await signAssertion(key));
    const answers = await Promise.all(Array.from({ length: 8 }, () => endpoint.another()(form)));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 400)).toHaveLength(7);
  });

  test('B08: a jti belongs to its client, and is free again when the assertion has expired', async () => {
    const jti = 'x'.repeat(3000);
    await endpoint.register({
      client_id: 'neighbour',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
    });
    expect(await ask({ claims: { jti } })).toMatchObject(issued);
    expect(await ask({ claims: { jti, iss: 'neighbour', sub: 'neighbour' } })).toMatchObject(
      issued,
    );
    expect(await ask({ claims: { jti, exp: stoppedAt + 61 } })).toEqual(usedBefore);
    // A minute longer than it could have been used.
    endpoint.clock.now = stoppedAt + 150;
    const claims = { jti, iat: endpoint.clock.now, exp: endpoint.clock.now + 60 };
    expect(await ask({ claims })).toMatchObject(issued);
    endpoint.clock.now = stoppedAt;
  });

  test('B08: an assertion whose request is refused for another reason is not used up', async () => {
    const form = assertionForm(await signAssertion(key));
    expect(await endpoint.post(`${form}&scope=unheard-of`)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_scope' },
    });
    expect(await endpoint.post(`${form}&resource=https%3A%2F%2Fother.example`)).toMatchObject({
      body: { error: 'invalid_target' },
    });
    expect(await endpoint.post(form)).toMatchObject(issued);
    expect(await endpoint.post(form)).toEqual(usedBefore);
  });

  test('A11, B08: an assertion that was used before counts as a failed attempt', async () => {
    const failures: string[] = [];
    const counting = endpoint.another({
      failedAttempts: {
        limitedFor: () => 0,
        record: async (attempt) => void failures.push(String(attempt.client_id)),
      },
    });
    const form = assertionForm(await signAssertion(key));
    expect(await counting(form)).toMatchObject(issued);
    expect(failures).toEqual([]);
    expect(await counting(form)).toEqual(usedBefore);
    expect(failures).toHaveLength(1);
  });

  test('B08: a refused assertion does not use up its jti', async () => {
    const claims = { jti: randomUUID() };
    expect(await ask({ claims, signer: ofAnother.privateKey })).toEqual(refused);
    expect(await ask({ claims })).toMatchObject(issued);
  });
});

describe('RFC 6749 §2.3 one method a client', () => {
  test.for([
    [
      'client_secret_basic',
      () => ({ headers: { authorization: basic(client_id, client_secret) } }),
      401,
    ],
    [
      'client_secret_post',
      () => ({ body: `&client_id=${client_id}&client_secret=${client_secret}` }),
      400,
    ],
  ] as const)('B11: a client of private_key_jwt cannot use %s', async ([, init, statusCode]) => {
    const { body = '', ...rest }: { body?: string; headers?: Record<string, string> } = init();
    // The failures above were from another address.
    const sourceIp = '192.0.2.2';
    const answer = await endpoint.post(`grant_type=client_credentials${body}`, {
      ...rest,
      sourceIp,
    });
    expect(answer).toMatchObject({ statusCode, body: refused.body });
    expect(reason()).toBe('the client is registered for private_key_jwt');
  });

  test('B11: a client with a secret cannot use an assertion, whatever keys it has', async () => {
    await endpoint.register({ client_id: 'secret', jwks: { keys: [key.jwk] } });
    const claims = { iss: 'secret', sub: 'secret' };
    expect(await ask({ claims })).toEqual(
      explained(': the client is registered for client_secret_basic$'),
    );
    expect(await ask({ claims, signer: ofAnother.privateKey })).toEqual(refused);
    expect(reason()).toBe('the client is registered for client_secret_basic');
  });

  test('A21: a disabled client is told so by its own key alone', async () => {
    await endpoint.register({
      client_id: 'disabled',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
      disabled: true,
    });
    const claims = { iss: 'disabled', sub: 'disabled' };
    expect(await ask({ claims })).toEqual(explained(': the client is disabled$'));
    // Whatever else is wrong.
    expect(await ask({ claims: { ...claims, exp: 1 } })).toEqual(
      explained(': the client is disabled$'),
    );
    expect(await ask({ claims, signer: ofAnother.privateKey })).toEqual(refused);
    expect(reason()).toBe('the client is disabled');
  });

  test('nothing of an assertion is in the log', async () => {
    const assertion = await signAssertion(key);
    await endpoint.post(assertionForm(assertion));
    await endpoint.post(assertionForm(`${assertion}x`));
    const log = JSON.stringify(endpoint.audited);
    for (const part of assertion.split('.')) expect(log).not.toContain(part);
  });
});

async function publicKey() {
  return (await importJWK(rsaKey.jwk, 'RS256')) as CryptoKey;
}
