import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { guardedFetch } from '../../functions/remote/guarded-fetch.ts';
import { publishedKeySets } from '../../functions/remote/published-keys.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { authorityKey, certificate } from '../support/certificates.ts';
import { testKey } from '../support/test-key.ts';
import { client_id, issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

/** The API of a cluster, whose certificate is by an authority of the cluster's own. */

const [own, other] = await Promise.all(['O=Cluster', 'O=Other'].map(newAuthority));
const serving = await certificate({
  issuer: own,
  subject: 'CN=kube-apiserver',
  names: [{ type: 'ip', value: '127.0.0.1' }],
});
const key = await testKey('RS256');
const server = createServer(serving, (_, response) => {
  response.setHeader('content-type', 'application/jwk-set+json');
  response.end(JSON.stringify({ keys: [key.jwk] }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => void server.close());
const { port } = server.address() as AddressInfo;

const endpoint = await tokenEndpoint();
const refused = await endpoint.post('grant_type=client_credentials');

async function newAuthority(name: string) {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { cert } = await certificate({ subject: name, keys, isAuthority: true });
  return { name, key: authorityKey(keys.privateKey), cert };
}

/** Asks for a token by keys at the cluster's API. */
async function ask(
  jwks_ca: string | undefined,
  { host = '127.0.0.1', mayBeLocal = true, resolvesTo = '127.0.0.1' } = {},
) {
  const iss = 'https://kubernetes.default.svc';
  const rule = { issuer: iss, subject: 'pod', subject_glob: undefined, audience: issuer };
  const jwks_uri = `https://${host}:${port}/openid/v1/jwks`;
  await endpoint.register({
    token_endpoint_auth_method: 'federated',
    trust: [{ ...rule, claims: {}, single_use: false, max_lifetime: 3600, jwks_uri, jwks_ca }],
  });
  const resolve = async () => [{ address: resolvesTo, family: 4 }];
  const fetch = guardedFetch({ mayBeLocal, resolve });
  const publishedKeys = publishedKeySets({ fetch, fetchTimeout: 2000, now: () => stoppedAt });
  const assertion = await signAssertion(key, { claims: { iss, sub: 'pod' } });
  return endpoint.another({ publishedKeys })(assertionForm(assertion, { client_id }));
}

const reason = () => endpoint.audited.at(-1)?.reason;

describe('B13: an authority in the rule', () => {
  test('vouches for the server of the keys', async () => {
    expect(await ask(own?.cert)).toMatchObject({ statusCode: 200 });
    expect(await ask(`${other?.cert}${own?.cert}`)).toMatchObject({ statusCode: 200 });
  });

  test.for([
    ['none', undefined],
    ['another', other?.cert],
  ] as const)('A24: with %s in its place the keys cannot be had', async ([, ca]) => {
    expect(await ask(ca)).toMatchObject({ statusCode: 503 });
    expect(reason()).toMatch(/certificate/);
  });

  test('A24: does not vouch for another name', async () => {
    expect(await ask(own?.cert, { host: 'keys.example.com' })).toMatchObject({ statusCode: 503 });
    expect(reason()).toMatch(/does not match certificate/);
  });

  test.for([
    ['an address of a private network', '10.96.0.1', '10.96.0.1'],
    ['this computer', '127.0.0.1', '127.0.0.1'],
    ['a name that leads there', 'keys.example.com', '10.96.0.1'],
  ] as const)('lets nobody have %s asked', async ([, host, resolvesTo]) => {
    expect(await ask(own?.cert, { mayBeLocal: false, host, resolvesTo })).toEqual(refused);
    expect(reason()).toMatch('the address is not one of the public internet');
  });
});
