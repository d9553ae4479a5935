import { calculateJwkThumbprint, decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import { unavailable } from '../../functions/oauth/oauth-error.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { memoryNonceKeys } from '../support/memory/memory-nonce-keys.ts';
import { memoryReplayGuard } from '../support/memory/memory-replay-guard.ts';
import { testKey } from '../support/test-key.ts';
import {
  client_id,
  client_secret,
  issuer,
  mtlsOrigin,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const grant = 'grant_type=client_credentials';
const authorization = basic(client_id, client_secret);
const key = await dpopKey();
const jkt = await calculateJwkThumbprint(key.jwk);

type Post = typeof endpoint.post;
const askOf = (post: Post) => (DPoP: string) => post(grant, { headers: { authorization, DPoP } });
const ask = askOf(endpoint.post);
const claimsOf = ({ body }: Awaited<ReturnType<Post>>) => decodeJwt(body.access_token);
const invalid = (problem: string) => ({
  statusCode: 400,
  body: { error: 'invalid_dpop_proof', error_description: expect.stringContaining(problem) },
});

describe('RFC 9449 §5 access token request', () => {
  test('D09: a proof binds the token to its key', async () => {
    const answer = await ask(await signProof(key));
    expect(answer).toMatchObject({
      statusCode: 200,
      body: { token_type: 'DPoP', expires_in: 3600, scope: 'read write' },
    });
    expect(answer.headers).not.toHaveProperty('DPoP-Nonce');
    expect(claimsOf(answer).cnf).toEqual({ jkt });
    expect(endpoint.audited.at(-1)).toMatchObject({ outcome: 'issued', client_id, jkt });
  });

  test('D09: without a proof the token is a bearer token, and bound to nothing', async () => {
    const answer = await endpoint.post(grant, { headers: { authorization } });
    expect(answer).toMatchObject({ statusCode: 200, body: { token_type: 'Bearer' } });
    expect(claimsOf(answer)).not.toHaveProperty('cnf');
  });

  test.for(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'])(
    'D03, D12: a proof may be signed with %s',
    async (alg) => {
      const other = await dpopKey(alg);
      const answer = await ask(await signProof(other));
      expect(answer).toMatchObject({ statusCode: 200, body: { token_type: 'DPoP' } });
      expect(claimsOf(answer).cnf).toEqual({ jkt: await calculateJwkThumbprint(other.jwk) });
    },
  );

  test('D08: a proof counts once, at whichever instance', async () => {
    const proof = await signProof(key);
    expect(await ask(proof)).toMatchObject({ statusCode: 200 });
    expect(await ask(proof)).toMatchObject(invalid('it was used before'));
    const another = askOf(endpoint.another());
    expect(await another(proof)).toMatchObject(invalid('it was used before'));
    expect(endpoint.audited.at(-1)).toMatchObject({ outcome: 'refused', client_id });
  });

  test('D08: of many at once with one proof, one gets a token', async () => {
    const proof = await signProof(key);
    const instances = [ask, askOf(endpoint.another()), askOf(endpoint.another())];
    const answers = await Promise.all(instances.map((post) => post(proof)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 400, 400]);
  });

  test('D08: a proof that is used up is not forgotten while it is being checked', async () => {
    const proof = await signProof(key);
    const times = { verified: stoppedAt, used: stoppedAt };
    const replays = memoryReplayGuard(() => times.used);
    const late = askOf(endpoint.another({ now: () => times.verified, replays }));
    expect(await late(proof)).toMatchObject({ statusCode: 200 });
    // Good when it is verified; when it is used its time is over.
    Object.assign(times, { verified: stoppedAt + 89, used: stoppedAt + 91 });
    expect(await late(proof)).toMatchObject(invalid('it was used before'));
  });

  test('D08: another key may choose the same jti', async () => {
    const claims = { jti: 'the-same' };
    expect(await ask(await signProof(key, { claims }))).toMatchObject({ statusCode: 200 });
    const other = await signProof(await dpopKey(), { claims });
    expect(await ask(other)).toMatchObject({ statusCode: 200 });
  });

  test('D08: where the replay store is down there is no token', async () => {
    const replays = { firstUse: () => Promise.reject(unavailable('table gone')) };
    const post = askOf(endpoint.another({ replays }));
    const answer = await post(await signProof(key));
    expect(answer).toMatchObject({
      statusCode: 503,
      headers: { 'Retry-After': '2' },
      body: { error: 'temporarily_unavailable' },
    });
  });

  test('D11: a client with dpop_bound_access_tokens gets no token without a proof', async () => {
    const bound = { client_id: 'bound', dpop_bound_access_tokens: true };
    await endpoint.register(bound);
    const headers = { authorization: basic('bound', client_secret) };
    expect(await endpoint.post(grant, { headers })).toMatchObject(invalid('there is none'));
    const DPoP = await signProof(key);
    const answer = await endpoint.post(grant, { headers: { ...headers, DPoP } });
    expect(answer).toMatchObject({ statusCode: 200, body: { token_type: 'DPoP' } });
  });

  test('D01: an empty DPoP header is a bad proof, not none', async () => {
    expect(await ask('')).toMatchObject(invalid('it is no JWT'));
  });

  test('D10: who does not authenticate uses no proof up', async () => {
    const DPoP = await signProof(key);
    const headers = { authorization: basic(client_id, 'wrong'), DPoP };
    expect(await endpoint.post(grant, { headers })).toMatchObject({
      statusCode: 401,
      body: { error: 'invalid_client' },
    });
    expect(await ask(DPoP)).toMatchObject({ statusCode: 200 });
  });

  test('D08: a proof whose request is refused for another reason is not used up', async () => {
    const DPoP = await signProof(key);
    const headers = { authorization: basic(client_id, client_secret), DPoP };
    expect(await endpoint.post(`${grant}&scope=unheard-of`, { headers })).toMatchObject({
      body: { error: 'invalid_scope' },
    });
    expect(await ask(DPoP)).toMatchObject({ statusCode: 200 });
    expect(await ask(DPoP)).toMatchObject({ body: { error: 'invalid_dpop_proof' } });
  });

  test('D09: a proof goes with every way of client authentication', async () => {
    const own = await testKey('ES256');
    const signer = { client_id: 'signer', jwks: { keys: [own.jwk] }, secrets: [] };
    await endpoint.register({ ...signer, token_endpoint_auth_method: 'private_key_jwt' });
    const assertion = await signAssertion(own, { claims: { iss: 'signer', sub: 'signer' } });
    const headers = { DPoP: await signProof(key) };
    const answer = await endpoint.post(assertionForm(assertion), { headers });
    expect(answer).toMatchObject({ statusCode: 200, body: { token_type: 'DPoP' } });
  });
});

describe('RFC 9449 §4.3 htu', () => {
  test.for([
    ['a query and a fragment', `${issuer}/token?a=b#c`],
    ['the default port', `${issuer}:443/token`],
    ['upper case in scheme and host', 'HTTPS://AS.Example.com/token'],
    ['an escaped letter', `${issuer}/%74oken`],
    ['dot segments', `${issuer}/a/../token`],
    ['the endpoint for certificates', `${mtlsOrigin}/token`],
  ])('D05: it may differ by %s', async ([, htu]) => {
    expect(await ask(await signProof(key, { claims: { htu } }))).toMatchObject({ statusCode: 200 });
  });
});

describe('RFC 9449 §4.3 iat', () => {
  test.for([
    ['as old as can be', -89, 200],
    ['older', -90, 400],
    ['as new as can be', 30, 200],
    ['newer', 31, 400],
  ] as const)('D07: %s', async ([, age, statusCode]) => {
    const proof = await signProof(key, { claims: { iat: stoppedAt + age } });
    expect(await ask(proof)).toMatchObject({ statusCode });
  });
});

const nonceKeys = memoryNonceKeys();

/** An instance that asks for nonces; all of them share the keys. */
const demandingPost = () =>
  endpoint.another({
    nonces: statelessNonces({ keys: nonceKeys, now: () => endpoint.clock.now }),
  });
const demanding = () => askOf(demandingPost());

describe('RFC 9449 §8 authorization server-provided nonce', () => {
  const wanted = { statusCode: 400, body: { error: 'use_dpop_nonce' } };

  test('D06, D13: without a nonce it is told one, and gets a token with it', async () => {
    const post = demanding();
    const first = await post(await signProof(key));
    expect(first).toMatchObject({ ...wanted, headers: { 'Cache-Control': 'no-store' } });
    const nonce = first.headers['DPoP-Nonce'];
    expect(nonce).toMatch(/^[\w-]{30}$/);
    const second = await post(await signProof(key, { claims: { nonce } }));
    expect(second).toMatchObject({ statusCode: 200, body: { token_type: 'DPoP' } });
    expect(second.headers['DPoP-Nonce']).toMatch(/^[\w-]{30}$/);
  });

  test('D06: a nonce is good at every instance, for five minutes', async () => {
    const nonce = (await demanding()(await signProof(key))).headers['DPoP-Nonce'];
    const later = async (seconds: number) => {
      endpoint.clock.now = stoppedAt + seconds;
      const claims = { nonce, iat: endpoint.clock.now };
      const answer = await demanding()(await signProof(key, { claims }));
      endpoint.clock.now = stoppedAt;
      return answer;
    };
    expect(await later(0)).toMatchObject({ statusCode: 200 });
    expect(await later(299)).toMatchObject({ statusCode: 200 });
    expect(await later(300)).toMatchObject(wanted);
    expect(await later(-6)).toMatchObject(wanted);
  });

  test('B08, D13: to be told a nonce uses up no assertion', async () => {
    const own = await testKey('ES256');
    const signer = { client_id: 'nonce-signer', jwks: { keys: [own.jwk] }, secrets: [] };
    await endpoint.register({ ...signer, token_endpoint_auth_method: 'private_key_jwt' });
    const claims = { iss: 'nonce-signer', sub: 'nonce-signer' };
    const form = assertionForm(await signAssertion(own, { claims }));
    const post = async (nonce?: string) =>
      demandingPost()(form, { headers: { DPoP: await signProof(key, { claims: { nonce } }) } });
    const first = await post();
    expect(first).toMatchObject(wanted);
    expect(await post(first.headers['DPoP-Nonce'])).toMatchObject({ statusCode: 200 });
    expect(await post(first.headers['DPoP-Nonce'])).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_client' },
    });
  });

  test.for([
    ['of another server', Buffer.alloc(22, 7).toString('base64url')],
    ['with another time', undefined],
    ['that is too short', 'AAAA'],
    ['that is empty', ''],
    ['that is no text', 7],
  ])('D06: a nonce %s is refused', async ([, other]) => {
    const good = String((await demanding()(await signProof(key))).headers['DPoP-Nonce']);
    const bytes = Buffer.from(good, 'base64url');
    bytes.writeUIntBE(stoppedAt - 1, 0, 6);
    const nonce = other ?? bytes.toString('base64url');
    const answer = await demanding()(await signProof(key, { claims: { nonce } }));
    expect(answer).toMatchObject(wanted);
    expect(answer.headers['DPoP-Nonce']).toBe(good);
  });
});
