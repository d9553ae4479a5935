import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import * as client from 'openid-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkToken } from './tokens/checked-token.ts';
import { contestantNames } from './tokens/contestants.ts';
import { load } from './tokens/load.ts';
import { startServer } from './tokens/running-server.ts';
import { algorithms, type TokenWork, tokenWork } from './tokens/work.ts';

/** A token that openid-client gets, as jose reads it. */
async function verifiedToken(configuration: client.Configuration, work: TokenWork) {
  const parameters = { scope: work.scope };
  const answer = await client.clientCredentialsGrant(configuration, parameters);
  const { alg, issuer, resource: audience } = work;
  const key = createPublicKey({ key: { ...work.jwk }, format: 'jwk' });
  const options = { issuer, audience, typ: 'at+jwt', algorithms: [alg] };
  return { answer, token: await jwtVerify(answer.access_token, key, options) };
}

type Verified = Awaited<ReturnType<typeof verifiedToken>>;

const configure = (token_endpoint: string, { issuer, client_id, client_secret }: TokenWork) => {
  const authentication = client.ClientSecretBasic(client_secret);
  const made = new client.Configuration({ issuer, token_endpoint }, client_id, {}, authentication);
  client.allowInsecureRequests(made);
  return made;
};

/** What the work wants of an access token (RFC 9068 §2). */
function expectWanted({ answer, token }: Verified, work: TokenWork): void {
  const { issuer: iss, resource: aud, client_id, scope, alg, kid } = work;
  expect(token.protectedHeader).toStrictEqual({ typ: 'at+jwt', alg, kid });
  expect(token.payload).toMatchObject({ iss, aud, sub: client_id, client_id, scope });
  expect(answer).toMatchObject({ token_type: 'bearer', scope });
  // A second may pass between two looks at the clock.
  const { iat = 0, exp = 0 } = token.payload;
  expect(answer.expires_in).toBeOneOf([3599, 3600]);
  expect(exp - iat).toBeOneOf([3599, 3600, 3601]);
}

describe('the servers that npm run bench -- tokens compares do the same work', () => {
  const all = contestantNames.flatMap((name) => algorithms.map((alg) => [name, alg] as const));

  test.for(all)('%s, %s', async ([name, alg]) => {
    const work = await tokenWork(alg);
    const server = await startServer(name, work);
    onTestFinished(() => server.stop());

    const configuration = configure(server.tokenEndpoint, work);
    const one = await verifiedToken(configuration, work);
    const other = await verifiedToken(configuration, work);
    expectWanted(one, work);
    expect(one.token.payload.jti).toMatch(/./);
    expect(one.token.payload.jti).not.toBe(other.token.payload.jti);

    const wrong = configure(server.tokenEndpoint, { ...work, client_secret: 'wrong' });
    await expect(verifiedToken(wrong, work)).rejects.toMatchObject({ status: 401 });
    // One refuses a scope that the client may not have, another leaves it out (RFC 6749 §3.3).
    const more = await verifiedToken(configuration, { ...work, scope: 'write' }).catch(() => one);
    expect(more.token.payload.scope).not.toBe('write');
  });
});

describe('npm run bench -- tokens counts good tokens alone', () => {
  test('a refusal, a token by another key and a server that does not start end it', async () => {
    const work = await tokenWork('ES256');
    const floor = await startServer('hand-written floor', work);
    onTestFinished(() => floor.stop());
    const pressure = { connections: 2, requests: 10 };
    expect(await load(floor.tokenEndpoint, work, pressure)).toBeGreaterThan(0);

    const wrong = { ...work, client_secret: 'wrong' };
    await expect(load(floor.tokenEndpoint, wrong, pressure)).rejects.toThrow(/of 10 requests 0 /);
    const { jwk } = await tokenWork('ES256');
    await expect(checkToken(floor.tokenEndpoint, { ...work, jwk })).rejects.toThrow(/signature/);
    await expect(startServer('hand-written floor', { ...work, jwk: {} })).rejects.toThrow(/JWK/);
  });

  test('a server that dies while it is pressed ends it', async () => {
    const work = await tokenWork('ES256');
    const floor = await startServer('hand-written floor', work);
    const pressed = load(floor.tokenEndpoint, work, { connections: 2, requests: 1_000_000 });
    const ended = expect(pressed).rejects.toThrow(/of 1000000 requests/);
    await floor.stop();
    await ended;
    await expect(floor.cpu()).rejects.toThrow(/the server has ended|closed/);
  });
});
