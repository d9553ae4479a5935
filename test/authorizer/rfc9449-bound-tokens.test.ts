import { describe, expect, test } from 'vitest';
import { statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { apiUrl, boundApi, shown } from '../support/bound-api.ts';
import { athOf, dpopKey, signProof } from '../support/dpop.ts';
import { memoryNonceKeys } from '../support/memory/memory-nonce-keys.ts';
import { httpEvent, tokenEvent } from './events.ts';
import { type Call, calls, httpCall, restCall } from './possession-events.ts';
import { testAuthorizer } from './test-authorizer.ts';

const api = await boundApi();
const handler = api.handler();
const refused = /^Unauthorized$/;
const forms = Object.entries(calls);

/** Whether an answer of either form lets in. */
function letsIn(answer: unknown): boolean {
  const text = JSON.stringify(answer);
  return /"isAuthorized":true|"Effect":"Allow"/.test(text);
}

const ask = async (form: (call: Call) => unknown, call: Call, ofIts = handler) =>
  letsIn(await ofIts(form(call)));

describe('RFC 9449 §7.1 the DPoP authentication scheme', () => {
  test.for(forms)('D14: %s: a token is let in with a proof of its key, once', async ([, form]) => {
    const { access_token, prove } = await api.bound();
    const headers = shown(access_token, await prove());
    expect(await ask(form, { headers })).toBe(true);
    expect(api.log.at(-1)).toMatchObject({ outcome: 'allowed', jkt: expect.any(String) });
    await expect(handler(form({ headers }))).rejects.toThrow(refused);
    // A further instance shares the store alone.
    await expect(api.handler()(form({ headers }))).rejects.toThrow(refused);
    // Whose token it is that somebody tries to use again.
    expect(api.log.at(-1)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/it was used before/),
      client_id: 's6BhdRkqt3',
      jti: expect.any(String),
      kid: expect.any(String),
      jkt: expect.any(String),
    });
  });

  test('D14: the context tells what the token is bound to, in JSON', async () => {
    const { access_token, prove } = await api.bound();
    const answer = await handler(httpCall({ headers: shown(access_token, await prove()) }));
    const { jkt } = api.log.at(-1) ?? {};
    expect(answer.context).toMatchObject({ client_id: 's6BhdRkqt3', cnf: JSON.stringify({ jkt }) });
    expect(answer.context).not.toHaveProperty('dpopNonce');
  });

  test.for(['DPoP', 'dpop', 'DPOP'])('D14: the scheme may be written %s', async (scheme) => {
    const { access_token, prove } = await api.bound();
    const headers = { authorization: `${scheme} ${access_token}`, dpop: await prove() };
    expect(await ask(httpCall, { headers })).toBe(true);
  });

  test.for(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'])(
    'D03: a proof may be signed with %s',
    async (alg) => {
      const { access_token, prove } = await api.bound({}, alg);
      expect(await ask(httpCall, { headers: shown(access_token, await prove()) })).toBe(true);
    },
  );

  test.for(forms)(
    'D15: %s: a bound token as Bearer is refused, with its proof',
    async ([, form]) => {
      const { access_token, prove } = await api.bound();
      const headers = { authorization: `Bearer ${access_token}`, dpop: await prove() };
      await expect(handler(form({ headers }))).rejects.toThrow(refused);
      expect(api.log.at(-1)).toMatchObject({ reason: 'a token that is bound to a key, as Bearer' });
    },
  );

  test.for(forms)(
    'D16: %s: a plain token under DPoP is refused, with a proof',
    async ([, form]) => {
      const access_token = await api.token();
      const claims = { htm: 'GET', htu: `${apiUrl}/orders/7`, ath: athOf(access_token) };
      const headers = shown(access_token, await signProof(await dpopKey(), { claims }));
      await expect(handler(form({ headers }))).rejects.toThrow(refused);
      expect(api.log.at(-1)).toMatchObject({
        reason: 'a token that is bound to no key, under DPoP',
      });
      expect(await ask(form, { headers: { authorization: `Bearer ${access_token}` } })).toBe(true);
    },
  );

  test('D14: to have seen a token is not to have seen its proof', async () => {
    const { access_token, prove } = await api.bound();
    expect(await ask(httpCall, { headers: shown(access_token, await prove()) })).toBe(true);
    const without = httpCall({ headers: shown(access_token, undefined) });
    await expect(handler(without)).rejects.toThrow(refused);
    expect(api.log.at(-1)?.reason).toMatch(/there is none/);
  });

  test('D14: the key of another token is no key of this one', async () => {
    const { access_token } = await api.bound();
    const claims = { htm: 'GET', htu: `${apiUrl}/orders/7`, ath: athOf(access_token) };
    const proof = await signProof(await dpopKey(), { claims });
    const call = httpCall({ headers: shown(access_token, proof) });
    await expect(handler(call)).rejects.toThrow(refused);
    expect(api.log.at(-1)).toMatchObject({ reason: 'the token is bound to another key' });
  });

  test('D01: of two DPoP headers none counts', async () => {
    const { access_token, prove } = await api.bound();
    const proofs = [await prove(), await prove()];
    const authorization = `DPoP ${access_token}`;
    const rest = restCall({
      headers: { authorization },
      changes: { multiValueHeaders: { authorization: [authorization], DPoP: proofs } },
    });
    await expect(handler(rest)).rejects.toThrow(refused);
    const http = httpCall({ headers: { authorization, dpop: proofs.join(',') } });
    await expect(handler(http)).rejects.toThrow(refused);
    expect(api.log.slice(-2).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/there is more than one/),
      expect.stringMatching(/there is more than one/),
    ]);
  });
});

describe('RFC 9449 §4.3 htu is the configured URL and the path', () => {
  interface Place {
    readonly publicUrl?: string;
    readonly htu: string;
    readonly changes: Readonly<Record<string, unknown>>;
  }
  const staged = (stage: string, rawPath: string) => ({ rawPath, requestContext: { stage } });

  test.for<[string, typeof httpCall, Place]>([
    [
      'HTTP, a stage',
      httpCall,
      { htu: `${apiUrl}/orders/7`, changes: staged('prod', '/prod/orders/7') },
    ],
    [
      'HTTP, a stage that is in the public URL',
      httpCall,
      {
        publicUrl: 'https://a.example.com/prod',
        htu: 'https://a.example.com/prod/orders/7',
        changes: staged('prod', '/prod/orders/7'),
      },
    ],
    [
      'HTTP, a base path',
      httpCall,
      {
        publicUrl: 'https://a.example.com/v1',
        htu: 'https://a.example.com/v1/orders/7',
        changes: staged('$default', '/v1/orders/7'),
      },
    ],
    [
      'HTTP, a base path that only the domain knows',
      httpCall,
      {
        publicUrl: 'https://a.example.com/v1',
        htu: 'https://a.example.com/v1/orders/7',
        changes: staged('prod', '/prod/orders/7'),
      },
    ],
    [
      'HTTP, a decoded path',
      httpCall,
      { htu: `${apiUrl}/orders/a%20b%25`, changes: { rawPath: '/orders/a b%' } },
    ],
    ['HTTP, the root', httpCall, { htu: apiUrl, changes: { rawPath: '/' } }],
    ['HTTP, the root of a stage', httpCall, { htu: apiUrl, changes: staged('prod', '/prod') }],
    [
      'HTTP, a path that only begins like the stage',
      httpCall,
      { htu: `${apiUrl}/product`, changes: staged('prod', '/product') },
    ],
    ['REST, as it is', restCall, { htu: `${apiUrl}/orders/7`, changes: {} }],
    [
      'REST, an escaped path',
      restCall,
      { htu: `${apiUrl}/orders/a%20b`, changes: { path: '/orders/a%20b' } },
    ],
    [
      'REST, escaped otherwise',
      restCall,
      { htu: `${apiUrl}/orders/%7E`, changes: { path: '/orders/~' } },
    ],
    [
      'REST, a base path',
      restCall,
      {
        publicUrl: 'https://a.example.com/v1',
        htu: 'https://a.example.com/v1/orders/7',
        changes: { path: '/v1/orders/7' },
      },
    ],
    ...['', '/'].flatMap((slash): [string, typeof httpCall, Place][] => [
      [
        `HTTP, the root of a stage in the public URL, as prod${slash}`,
        httpCall,
        {
          publicUrl: 'https://a.example.com/prod',
          htu: `https://a.example.com/prod${slash}`,
          changes: staged('prod', '/prod'),
        },
      ],
      [
        `REST, the root of a base path, as v1${slash}`,
        restCall,
        {
          publicUrl: 'https://a.example.com/v1',
          htu: `https://a.example.com/v1${slash}`,
          changes: { path: '/v1' },
        },
      ],
    ]),
  ])('D05: %s', async ([, form, { publicUrl = apiUrl, htu, changes }]) => {
    const { access_token, prove } = await api.bound();
    const headers = shown(access_token, await prove({ claims: { htu } }));
    const ofIts = api.handler({ publicUrl });
    await ofIts(form({ headers, changes }));
    expect(api.log.at(-1)?.outcome).not.toBe('refused');
    const other = shown(access_token, await prove({ claims: { htu: `${htu}x` } }));
    await expect(ofIts(form({ headers: other, changes }))).rejects.toThrow(refused);
  });

  test.for(forms)('D05: %s: never what headers say', async ([, form]) => {
    const { access_token, prove } = await api.bound();
    const evil = {
      host: 'evil.example.com',
      forwarded: 'host=evil.example.com;proto=https',
      'x-forwarded-host': 'evil.example.com',
      'x-forwarded-proto': 'https',
      'x-original-url': 'https://evil.example.com/orders/7',
    };
    const htu = 'https://evil.example.com/orders/7';
    const misled = { ...shown(access_token, await prove({ claims: { htu } })), ...evil };
    await expect(handler(form({ headers: misled }))).rejects.toThrow(refused);
    expect(api.log.at(-1)?.reason).toMatch(/htu is not the URI/);
    const right = { ...shown(access_token, await prove()), ...evil };
    expect(await ask(form, { headers: right })).toBe(true);
  });

  test.for<[string, typeof httpCall, string, Readonly<Record<string, unknown>>]>([
    ['REST: an escaped slash is no slash', restCall, `${apiUrl}/orders/7`, { path: '/orders%2F7' }],
    ['REST: nor the other way round', restCall, `${apiUrl}/orders%2F7`, { path: '/orders/7' }],
    [
      'HTTP: $default is no stage in the path',
      httpCall,
      `${apiUrl}/orders/7`,
      { rawPath: '/$default/orders/7' },
    ],
    ['HTTP: no method', httpCall, `${apiUrl}/orders/7`, { requestContext: { http: {} } }],
  ])('D05: %s', async ([, form, htu, changes]) => {
    const { access_token, prove } = await api.bound();
    const headers = shown(access_token, await prove({ claims: { htu } }));
    await expect(handler(form({ headers, changes }))).rejects.toThrow(refused);
  });

  test('D05: a path whose escapes cannot be read, and an event without one, are refused', async () => {
    const { access_token, prove } = await api.bound();
    for (const path of ['/orders/%zz', undefined]) {
      const call = restCall({ headers: shown(access_token, await prove()), changes: { path } });
      await expect(handler(call)).rejects.toThrow(refused);
    }
    const changes = { requestContext: { http: undefined }, rawPath: undefined };
    const call = httpCall({ headers: shown(access_token, await prove()), changes });
    await expect(handler(call)).rejects.toThrow(refused);
  });
});

describe('RFC 9449 §9 resource server-provided nonce', () => {
  const nonces = statelessNonces({ keys: memoryNonceKeys(), now: () => api.clock.now });
  const demanding = () => api.handler({ nonces });

  test('D17: a REST API is told the nonce by a denial, and an HTTP API is told nothing', async () => {
    const { access_token, prove } = await api.bound();
    const headers = shown(access_token, await prove());
    await expect(demanding()(httpCall({ headers }))).rejects.toThrow(refused);
    const denied = await demanding()(restCall({ headers: shown(access_token, await prove()) }));
    expect(denied).toEqual({
      principalId: 'nobody',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: 'execute-api:Invoke',
            Effect: 'Deny',
            Resource: [expect.stringMatching(/^arn:aws:execute-api:\S+\/prod\/\*$/)],
          },
        ],
      },
      context: {
        wwwAuthenticate:
          'DPoP error="use_dpop_nonce", error_description="the DPoP proof needs a nonce of this server", algs="ES256 RS256"',
        dpopNonce: expect.stringMatching(/^[\w-]{30}$/),
      },
    });
    expect(api.log.at(-1)).toMatchObject({ outcome: 'refused' });
    const { dpopNonce: nonce } = denied.context;
    const again = shown(access_token, await prove({ claims: { nonce } }));
    const answer = await demanding()(restCall({ headers: again }));
    expect(letsIn(answer)).toBe(true);
    expect(answer.context).toMatchObject({ dpopNonce: expect.stringMatching(/^[\w-]{30}$/) });
  });
});

describe('what cannot be checked is refused', () => {
  test('I12: a TOKEN authorizer sees no proof: it refuses every bound token', async () => {
    const { access_token } = await api.bound();
    const x5t = await api.token({ claims: { cnf: { 'x5t#S256': 'A'.repeat(43) } } });
    for (const authorization of [
      `DPoP ${access_token}`,
      `Bearer ${access_token}`,
      `Bearer ${x5t}`,
    ]) {
      await expect(handler(tokenEvent(authorization))).rejects.toThrow(refused);
      expect(api.log.at(-1)).toMatchObject({ reason: expect.stringMatching(/sees neither proof/) });
    }
    expect(letsIn(await handler(tokenEvent(`Bearer ${await api.token()}`)))).toBe(true);
  });

  test.for([
    ['a member that is not known', { jwe: 'a' }],
    ['one beside a key', { jkt: 'A'.repeat(43), osc: {} }],
    ['no member', {}],
    ['a text', 'A'.repeat(43)],
    ['a list', ['jkt']],
    ['null', null],
    ['a thumbprint that is too short', { jkt: 'A'.repeat(42) }],
    ['a thumbprint that is a number', { jkt: 7 }],
  ] as const)('I12: cnf with %s is refused', async ([, cnf]) => {
    const access_token = await api.token({ claims: { cnf } });
    for (const scheme of ['Bearer', 'DPoP']) {
      const call = httpCall({ headers: { authorization: `${scheme} ${access_token}` } });
      await expect(handler(call)).rejects.toThrow(refused);
      expect(api.log.at(-1)?.reason).toMatch(/bound to what is not known \(cnf\)/);
    }
  });

  test.for(forms)(
    'L09: %s: where bound tokens are required, plain ones are refused',
    async ([, form]) => {
      const strict = api.handler({ required: true });
      const headers = { authorization: `Bearer ${await api.token()}` };
      await expect(strict(form({ headers }))).rejects.toThrow(refused);
      expect(api.log.at(-1)).toMatchObject({ reason: 'the token is bound to nothing (cnf)' });
      const { access_token, prove } = await api.bound();
      expect(await ask(form, { headers: shown(access_token, await prove()) }, strict)).toBe(true);
    },
  );

  test.for(forms)(
    'D08: %s: while the store is down nobody is let in, and it is no refusal',
    async ([, form]) => {
      const replays = { firstUse: () => Promise.reject(unavailable('table gone')) };
      const { access_token, prove } = await api.bound();
      const call = form({ headers: shown(access_token, await prove()) });
      await expect(api.handler({ replays })(call)).rejects.toThrow(
        /^the authorizer cannot decide now$/,
      );
      expect(api.log.at(-1)).toMatchObject({ outcome: 'failed', reason: 'table gone' });
    },
  );

  test('I12: an authorizer for bearer tokens refuses bound ones, and the DPoP scheme', async () => {
    const authorizer = await testAuthorizer();
    const bound = await authorizer.bearer({ claims: { cnf: { jkt: 'A'.repeat(43) } } });
    await expect(authorizer.handler(httpEvent(bound))).rejects.toThrow(refused);
    const plain = (await authorizer.bearer()).replace('Bearer', 'DPoP');
    await expect(authorizer.handler(httpEvent(plain))).rejects.toThrow(refused);
    expect(authorizer.log.map(({ reason }) => reason)).toEqual([
      'the token is bound to a key or a certificate (cnf)',
      'a token under DPoP',
    ]);
  });
});
