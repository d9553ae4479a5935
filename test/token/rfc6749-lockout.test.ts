import { describe, expect, test } from 'vitest';
import { statelessNonces } from '../../functions/oauth/dpop-nonce.ts';
import { guardedFetch } from '../../functions/remote/guarded-fetch.ts';
import { publishedKeySets } from '../../functions/remote/published-keys.ts';
import type { TokenEndpoint } from '../../functions/token/handler.ts';
import { assertionForm, signAssertion } from '../support/assertions.ts';
import { authority, certificate } from '../support/certificates.ts';
import { json, raw } from '../support/document-server.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { basic } from '../support/http-api-event.ts';
import { memoryPlatform } from '../support/memory/memory-documents.ts';
import { memoryNonceKeys } from '../support/memory/memory-nonce-keys.ts';
import { testKey } from '../support/test-key.ts';
import {
  aSecret,
  client_id,
  client_secret,
  issuer,
  stoppedAt,
  tokenEndpoint,
} from '../support/token-endpoint.ts';

const documents = memoryPlatform();
const platform = documents.url;
const key = await testKey('ES256');
documents.replies.set('/keys', json({ keys: [key.jwk] }));
const endpoint = await tokenEndpoint({}, { fetch: documents.fetch, clientCache: 30 });
const grant = 'grant_type=client_credentials';
const asClient = `${grant}&client_id=${client_id}`;

type Init = Parameters<typeof endpoint.post>[1];
type Request = readonly [form: string, init?: Init];

const authorization = basic(client_id, client_secret);
const wrongSecret: Request = [`${asClient}&client_secret=wrong`];
const rightSecret: Request = [grant, { headers: { authorization } }];
const asserted = async (change: Parameters<typeof signAssertion>[1] = {}) =>
  assertionForm(await signAssertion(key, change), { client_id });
const certified = await certificate({ issuer: authority(), subject: 'CN=billing', at: stoppedAt });
const selfSigned = await certificate({ subject: 'CN=billing', at: stoppedAt });

const trust = {
  issuer: platform,
  subject: client_id,
  subject_glob: undefined,
  audience: issuer,
  claims: {},
  single_use: true,
  max_lifetime: 3600,
};

/** Each method with a right request and a wrong one. */
const methods: readonly (readonly [
  what: string,
  client: object,
  right: () => Promise<Request>,
  wrong: () => Promise<Request>,
])[] = [
  ['client_secret_basic', {}, async () => rightSecret, async () => wrongSecret],
  [
    'client_secret_post',
    {},
    async () => [`${asClient}&client_secret=${client_secret}`],
    async () => wrongSecret,
  ],
  [
    'private_key_jwt',
    { secrets: [], jwks: { keys: [key.jwk] } },
    async () => [await asserted()],
    async () => wrongSecret,
  ],
  [
    'private_key_jwt by a jwks_uri',
    { secrets: [], jwks_uri: `${platform}/keys` },
    async () => [await asserted()],
    async () => [await asserted({ header: { kid: 'another' } })],
  ],
  [
    'federated',
    { secrets: [], trust: [trust] },
    async () => [await asserted({ claims: { iss: platform } })],
    async () => [await asserted({ claims: { iss: 'https://another.example' } })],
  ],
  [
    'tls_client_auth',
    { secrets: [], tls_client_auth_subject_dn: 'CN=billing' },
    async () => [asClient, { certificate: certified.cert }],
    async () => [asClient, { certificate: selfSigned.cert }],
  ],
  [
    'self_signed_tls_client_auth',
    { secrets: [], jwks: { keys: [selfSigned.jwk] } },
    async () => [asClient, { certificate: selfSigned.cert }],
    async () => [asClient, { certificate: certified.cert }],
  ],
];

let sources = 0;
/** An instance that knows of no lockout, asked from an address of its own. */
function asking(special: Partial<TokenEndpoint> = {}) {
  sources += 1;
  const sourceIp = `198.51.100.${sources}`;
  const post = endpoint.another(special);
  const ask = async ([form, init]: Request) => await post(form, { ...init, sourceIp });
  return async (request: Request, times = 1) => {
    for (let count = 1; count < times; count += 1) await ask(request);
    return await ask(request);
  };
}

const refused = { statusCode: 400, body: { error: 'invalid_client' } };
const lockedOut = { statusCode: 429, headers: { 'Retry-After': '40' } };
const issued = { statusCode: 200 };

describe('RFC 6749 §2.3.1 a credential that verifies is let through', () => {
  test.for(methods)('A11: %s', async ([what, client, right, wrong]) => {
    const [method] = what.split(' ');
    await endpoint.register({ token_endpoint_auth_method: method as never, ...client });
    const ask = asking();
    await ask(await wrong(), 60);
    for (let times = 0; times < 2; times += 1) {
      expect(await ask(await wrong())).toMatchObject(lockedOut);
      expect(await ask(await right())).toMatchObject(issued);
    }
    const guess = (index: number): Request => [`${grant}&client_id=${index}&client_secret=x`];
    for (let index = 0; index < 600; index += 1) await ask(guess(index));
    expect(await ask(guess(0))).toMatchObject(lockedOut);
    expect(await ask(await right())).toMatchObject(issued);
  });

  test('A11: a secret that was registered during the lockout', async () => {
    await endpoint.register({ secrets: [] });
    const ask = asking();
    await ask(wrongSecret, 61);
    await endpoint.register({ secrets: [aSecret(client_secret)] });
    expect(await ask(rightSecret)).toMatchObject(issued);
  });

  test('A11: what is asked for beyond the grant is answered as ever', async () => {
    await endpoint.register({});
    const ask = asking();
    await ask(wrongSecret, 61);
    const [form, init] = rightSecret;
    expect(await ask([`${form}&scope=unheard-of`, init])).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_scope' },
    });
  });

  test('A11, B08: an assertion that was used before is a failure, and a new one is none', async () => {
    await endpoint.register({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
    });
    const ask = asking();
    const once: Request = [await asserted()];
    expect(await ask(once)).toMatchObject(issued);
    expect(await ask(once, 60)).toMatchObject(refused);
    expect(await ask(once)).toMatchObject(lockedOut);
    expect(await ask([await asserted()])).toMatchObject(issued);
  });
});

describe('RFC 6749 §2.3.1 keys that cannot be had', () => {
  const down = memoryPlatform();
  down.replies.set('/keys', raw(503, {}, ''));
  const published = { jwks_uri: `${down.url}/keys` };
  const jwt = async (): Promise<Request> => [await asserted({ claims: { iss: down.url } })];

  test.for<readonly [string, object, () => Promise<Request>]>([
    ['private_key_jwt', published, async () => [await asserted()]],
    ['federated', { trust: [{ ...trust, issuer: down.url }] }, jwt],
    [
      'self_signed_tls_client_auth',
      published,
      async () => [asClient, { certificate: selfSigned.cert }],
    ],
  ])('A11, A24: are no failure of a client with %s', async ([method, client, right]) => {
    await endpoint.register({
      token_endpoint_auth_method: method as never,
      secrets: [],
      ...client,
    });
    const publishedKeys = publishedKeySets({
      fetch: down.fetch,
      fetchTimeout: 2000,
      now: () => stoppedAt,
    });
    const ask = asking({ publishedKeys });
    for (let times = 0; times < 61; times += 1) {
      expect(await ask(await right())).toMatchObject({
        statusCode: 503,
        headers: { 'Retry-After': '10' },
        body: { error: 'temporarily_unavailable' },
      });
    }
    expect(await ask(wrongSecret)).toMatchObject(refused);
  });

  test('A24: keys that the client has been given since are tried at once', async () => {
    const client = { token_endpoint_auth_method: 'private_key_jwt', secrets: [] } as const;
    await endpoint.register({ ...client, jwks_uri: `${platform}/none` });
    const ask = asking();
    expect(await ask([await asserted()])).toMatchObject({ statusCode: 503 });
    await endpoint.register({ ...client, jwks: { keys: [key.jwk] } });
    expect(await ask([await asserted()])).toMatchObject(issued);
  });

  test('A11: a URL that may not be asked is the client’s fault', async () => {
    const client = { token_endpoint_auth_method: 'private_key_jwt', secrets: [] } as const;
    await endpoint.register({ ...client, jwks_uri: 'https://127.0.0.1/keys' });
    const fetch = guardedFetch({ mayBeLocal: false });
    const ask = asking({
      publishedKeys: publishedKeySets({ fetch, fetchTimeout: 2000, now: () => stoppedAt }),
    });
    expect(await ask([await asserted()], 60)).toMatchObject(refused);
    expect(await ask([await asserted()])).toMatchObject(lockedOut);
  });
});

describe('RFC 6749 §2.3.1 failed DPoP proofs', async () => {
  const proofKey = await dpopKey();
  const withProof = (DPoP: string): Request => [grant, { headers: { authorization, DPoP } }];
  const invalid = { statusCode: 400, body: { error: 'invalid_dpop_proof' } };

  test('A11: count for their source, and for no client', async () => {
    await endpoint.register({});
    const ask = asking();
    expect(await ask(withProof('bad'), 600)).toMatchObject(invalid);
    expect(await ask(withProof('bad'))).toMatchObject(lockedOut);
    expect(endpoint.audited.at(-1)).toMatchObject({
      reason: 'too many failures: OAuthError: the DPoP proof is not valid: it is no JWT',
    });
    expect(await ask(withProof(await signProof(proofKey)))).toMatchObject(issued);
    expect(await ask(rightSecret)).toMatchObject(issued);
  });

  test('A11, D08: a proof that was used before is one', async () => {
    await endpoint.register({});
    const ask = asking();
    const proof = withProof(await signProof(proofKey));
    expect(await ask(proof)).toMatchObject(issued);
    expect(await ask(proof, 600)).toMatchObject(invalid);
    expect(await ask(proof)).toMatchObject(lockedOut);
  });

  test('A11, D13: a proof without a nonce is none, and is told the nonce during a lockout', async () => {
    await endpoint.register({});
    const nonces = statelessNonces({ keys: memoryNonceKeys(), now: () => stoppedAt });
    const ask = asking({ nonces });
    const needsNonce = { statusCode: 400, body: { error: 'use_dpop_nonce' } };
    const proof = withProof(await signProof(proofKey));
    expect(await ask(proof, 601)).toMatchObject(needsNonce);
    await ask(withProof('bad'), 600);
    expect(await ask(withProof('bad'))).toMatchObject(lockedOut);
    const { headers } = await ask(proof);
    const nonce = headers['DPoP-Nonce'];
    expect(await ask(withProof(await signProof(proofKey, { claims: { nonce } })))).toMatchObject(
      issued,
    );
  });

  test('A11: are looked at for nobody who has not authenticated', async () => {
    await endpoint.register({});
    const ask = asking();
    const headers = { authorization: basic(client_id, 'wrong'), DPoP: 'bad' };
    expect(await ask([grant, { headers }])).toMatchObject({
      statusCode: 401,
      body: { error: 'invalid_client' },
    });
  });
});
