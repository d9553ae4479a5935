import { describe, expect, test } from 'vitest';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import { json, raw } from '../support/document-server.ts';
import { memoryDocuments } from '../support/memory/memory-documents.ts';
import { testKey } from '../support/test-key.ts';
import { client_id, issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

/** Platforms whose keys are in the rule, or behind a URL that the rule names: their issuer is never asked. */

const cluster = 'https://kubernetes.default.svc.cluster.local';
const sub = 'system:serviceaccount:shop:billing';
const documents = memoryDocuments();
const endpoint = await tokenEndpoint({}, { fetch: documents.fetch });
const refused = await endpoint.post('grant_type=client_credentials');
const [key, second, stranger] = await Promise.all([
  testKey('RS256'),
  testKey('RS256'),
  testKey('RS256'),
]);
const reason = () => endpoint.audited.at(-1)?.reason;

const rule = (special: Partial<TrustRule> = {}): TrustRule => ({
  issuer: cluster,
  subject: sub,
  subject_glob: undefined,
  audience: issuer,
  claims: {},
  single_use: false,
  max_lifetime: 3600,
  ...special,
});

const federated = { token_endpoint_auth_method: 'federated', secrets: [] } as const;
const register = (...trust: readonly TrustRule[]) => endpoint.register({ ...federated, trust });

/** What a projected service account token says. */
const claims = {
  iss: cluster,
  sub,
  aud: [issuer],
  iat: stoppedAt,
  nbf: stoppedAt,
  exp: stoppedAt + 3600,
  'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'billing' } },
};

const sign = (signer = key, change: AssertionChange = {}) =>
  signAssertion(signer, { ...change, claims: { ...claims, ...change.claims } });

async function ask(signer = key, change: AssertionChange = {}) {
  documents.requests.splice(0);
  return endpoint.post(assertionForm(await sign(signer, change), { client_id }));
}

describe('B09: keys in the rule', () => {
  const jwks = { keys: [second.jwk, key.jwk] };

  test('verify what the cluster has signed, and nothing is fetched', async () => {
    await register(rule({ jwks }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(await ask(second)).toMatchObject({ statusCode: 200 });
    expect(documents.requests).toEqual([]);
  });

  test('do without a kid on either side', async () => {
    const { kid: _, ...unnamed } = key.jwk;
    await register(rule({ jwks: { keys: [unnamed] } }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(await ask(key, { header: { kid: undefined } })).toMatchObject({ statusCode: 200 });
  });

  test.for<[string, AssertionChange]>([
    ['of another service account', { claims: { sub: 'system:serviceaccount:shop:orders' } }],
    ['of another issuer', { claims: { iss: 'https://kubernetes.default.svc' } }],
  ])('do not make up for a JWT %s', async ([, change]) => {
    await register(rule({ jwks }));
    expect(await ask(key, change)).toEqual(refused);
  });

  test('do not make up for a JWT for another audience, and the right account is told', async () => {
    await register(rule({ jwks }));
    expect((await ask(key, { claims: { aud: [cluster] } })).body).toEqual({
      error: 'invalid_client',
      error_description: `client authentication failed: aud of the assertion is not ${issuer}; aud is [${cluster}]`,
    });
  });

  test('are the only ones: nobody is asked for the key of a stranger', async () => {
    await register(rule({ jwks }));
    expect(await ask(stranger)).toEqual(refused);
    expect(reason()).toBe('no applicable key in the set');
    expect(documents.requests).toEqual([]);
  });

  test('of 20 KB, from before there was a limit, go on verifying', async () => {
    const long = { ...stranger.jwk, kid: 'a'.repeat(20_000) };
    await register(rule({ jwks: { keys: [long, key.jwk] } }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
  });

  test('that are no set are a refusal', async () => {
    await register(rule({ jwks: { keys: Array(101).fill(key.jwk) } }));
    expect(await ask()).toEqual(refused);
    expect(reason()).toMatch('more than 100 keys');
  });

  test('of one rule verify nothing for another, even if both got into the registry', async () => {
    const other = { subject: 'system:serviceaccount:shop:orders' };
    await register(rule({ jwks }), rule({ ...other, jwks: { keys: [stranger.jwk] } }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(await ask(key, { claims: { sub: other.subject } })).toEqual(refused);
    expect(await ask(stranger, { claims: { sub: other.subject } })).toEqual(refused);
  });
});

describe('B13: keys behind a URL in the rule', () => {
  const jwks_uri = `${documents.url}/openid/v1/jwks`;

  test('are fetched there, and discovery is not asked', async () => {
    documents.replies.set('/openid/v1/jwks', json({ keys: [key.jwk] }));
    await register(rule({ jwks_uri }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(documents.requests).toEqual(['/openid/v1/jwks']);
    await register(rule({ jwks_uri, subject_glob: undefined }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(documents.requests).toEqual([]);
  });

  test('with an authority are others than those without, whatever is cached', async () => {
    await register(rule({ jwks_uri, jwks_ca: 'one' }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(documents.requests).toEqual(['/openid/v1/jwks']);
    await register(rule({ jwks_uri, jwks_ca: 'other' }));
    expect(await ask()).toMatchObject({ statusCode: 200 });
    expect(documents.requests).toEqual(['/openid/v1/jwks']);
  });

  test('A24: that cannot be had are 503', async () => {
    documents.replies.set('/down', raw(503, {}, ''));
    await register(rule({ jwks_uri: `${documents.url}/down` }));
    expect(await ask()).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '10' } });
  });
});

describe('B08: a jti is unique for a signer, where rules have keys of their own', () => {
  const other = 'other-client';
  const jwks_uri = `${documents.url}/cluster/jwks`;
  const clusterUrl = { jwks_uri: `${documents.url}/other/jwks` };
  const [inRule, inOther] = [key, stranger].map(({ jwk }) => ({ jwks: { keys: [jwk] } }));
  documents.replies.set('/cluster/jwks', json({ keys: [key.jwk] }));
  documents.replies.set('/other/jwks', json({ keys: [stranger.jwk] }));
  const once = (special: Partial<TrustRule> = {}) => rule({ single_use: true, ...special });
  const show = (assertion: string, id: string) =>
    endpoint.post(assertionForm(assertion, { client_id: id }));

  /** Two clients with rules for the same name of an issuer. */
  async function both(first: Partial<TrustRule>, second: Partial<TrustRule>): Promise<void> {
    await register(once(first));
    await endpoint.register({ ...federated, client_id: other, trust: [once(second)] });
  }

  test.for<[string, Partial<TrustRule>, Partial<TrustRule>]>([
    ['with their keys in the rules', { ...inRule }, { ...inOther }],
    ['with their keys behind URLs', { jwks_uri }, clusterUrl],
    ['with the one in the rule, and the other behind a URL', { ...inRule }, clusterUrl],
    [
      'with keys that are fetched under different authorities',
      { jwks_uri, jwks_ca: 'a' },
      clusterUrl,
    ],
  ])(
    'two clusters of one name, %s, use up none of each other',
    async ([, first, second], { task }) => {
      await both(first, second);
      const named = { claims: { jti: task.id } };
      expect(await show(await sign(stranger, named), other)).toMatchObject({ statusCode: 200 });
      const assertion = await sign(key, named);
      expect(await show(assertion, client_id)).toMatchObject({ statusCode: 200 });
      expect(await show(assertion, client_id)).toMatchObject({ statusCode: 400 });
      expect(reason()).toBe('the assertion was used before (jti)');
    },
  );

  test('a cluster uses up none of the issuer that discovery finds', async () => {
    const iss = documents.url;
    const found = json({ issuer: iss, jwks_uri });
    documents.replies.set('/.well-known/openid-configuration', found);
    await both({ issuer: iss }, { issuer: iss, ...inOther });
    const named = { claims: { iss, jti: 'of two' } };
    expect(await show(await sign(stranger, named), other)).toMatchObject({ statusCode: 200 });
    expect(await show(await sign(key, named), client_id)).toMatchObject({ statusCode: 200 });
  });

  test.for<[string, Partial<TrustRule>]>([
    ['the same keys', { ...inRule }],
    ['one key more', { jwks: { keys: [second.jwk, key.jwk] } }],
    ['the key without its kid', { jwks: { keys: [{ ...key.jwk, kid: undefined }] } }],
    ['the same keys behind a URL', { jwks_uri }],
  ])('one JWT counts once for two clients, of which the other has %s', async ([, second]) => {
    await both({ ...inRule }, second);
    const assertion = await sign();
    expect(await show(assertion, client_id)).toMatchObject({ statusCode: 200 });
    expect(await show(assertion, other)).toMatchObject({ statusCode: 400 });
    expect(reason()).toBe('the assertion was used before (jti)');
  });

  test('one JWT counts once, though the keys of its rule are replaced in the meantime', async () => {
    await register(once({ ...inRule }));
    const assertion = await sign();
    expect(await show(assertion, client_id)).toMatchObject({ statusCode: 200 });
    await register(once({ jwks: { keys: [key.jwk, second.jwk] } }));
    expect(await show(assertion, client_id)).toMatchObject({ statusCode: 400 });
  });
});
