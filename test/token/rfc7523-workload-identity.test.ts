import { describe, expect, test } from 'vitest';
import type { Client } from '../../functions/oauth/client.ts';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { publishedKeySets } from '../../functions/remote/published-keys.ts';
import { type AssertionChange, assertionForm, signAssertion } from '../support/assertions.ts';
import { json, raw } from '../support/document-server.ts';
import { memoryDocuments } from '../support/memory/memory-documents.ts';
import { testKey } from '../support/test-key.ts';
import { api, client_id, issuer, stoppedAt, tokenEndpoint } from '../support/token-endpoint.ts';

const endpoint = await tokenEndpoint();
const key = await testKey('RS256');
const refused = await endpoint.post('grant_type=client_credentials');
const issued = { statusCode: 200 };
/** What a workload is answered that a rule means, and whose JWT is wrong all the same (RFC 7521 §4.2.1). */
const explained = (why: string) => ({
  ...refused,
  body: { ...refused.body, error_description: `client authentication failed: ${why}` },
});
const unavailable = {
  statusCode: 503,
  headers: { 'Retry-After': '10' },
  body: { error: 'temporarily_unavailable' },
};
const reason = () => endpoint.audited.at(-1)?.reason;

type Claims = Readonly<Record<string, unknown>>;

/** What a job on GitHub is told about itself. */
const job: Claims = {
  sub: 'repo:octo-org/octo-repo:ref:refs/heads/main',
  aud: issuer,
  repository: 'octo-org/octo-repo',
  repository_owner: 'octo-org',
  ref: 'refs/heads/main',
  runner_environment: 'github-hosted',
};

let sources = 0;

/** A platform with its discovery document under a path, asked for from an address of its own. */
async function platform(path = '') {
  const server = memoryDocuments();
  const url = `${server.url}${path}`;
  const metadata = `${path.replace(/\/$/, '')}/.well-known/openid-configuration`;
  server.replies.set(metadata, json({ issuer: url, jwks_uri: `${server.url}/keys` }));
  server.replies.set('/keys', json({ keys: [key.jwk] }));
  endpoint.clock.now = stoppedAt;
  const { fetch } = server;
  const publishedKeys = publishedKeySets({
    fetch,
    fetchTimeout: 2000,
    now: () => endpoint.clock.now,
  });
  const post = endpoint.another({ publishedKeys });
  const sourceIp = `192.0.2.${++sources}`;
  const rule = (special: Partial<TrustRule> = {}): TrustRule => ({
    issuer: url,
    subject: String(job.sub),
    subject_glob: undefined,
    audience: issuer,
    claims: {},
    single_use: true,
    max_lifetime: 3600,
    ...special,
  });
  const trusted = (rules: readonly Partial<TrustRule>[], special: Partial<Client> = {}) =>
    endpoint.register({
      token_endpoint_auth_method: 'federated',
      secrets: [],
      trust: rules.map(rule),
      ...special,
    });
  const ask = async (
    change: AssertionChange = {},
    more: Record<string, string> = { client_id },
  ) => {
    const claims = { iss: url, ...job, ...change.claims };
    return post(assertionForm(await signAssertion(key, { ...change, claims }), more), { sourceIp });
  };
  return { url, metadata, server, trusted, ask };
}

describe('RFC 7521 §4.2 an assertion that the platform has signed', () => {
  test('E06: audience says for which resource server the token is to be', async () => {
    const { trusted, ask } = await platform();
    const orders = 'urn:example:orders';
    await endpoint.registerApi({ resource: orders });
    const grants = [api, orders].map((uri) => [uri, new Set(['read'])] as const);
    await trusted([{}], { grants: new Map(grants) });
    expect(await ask({}, { client_id, audience: orders })).toMatchObject(issued);
    expect(endpoint.audited.at(-1)).toMatchObject({ auth_method: 'federated', aud: orders });
    const both = { client_id, audience: orders, resource: api };
    expect(await ask({}, both)).toMatchObject({
      statusCode: 400,
      body: { error: 'invalid_target' },
    });
  });

  test('B03: a workload that a rule trusts gets a token, without any secret', async () => {
    const { trusted, ask, url, server, metadata } = await platform();
    await trusted([{}]);
    expect(await ask()).toMatchObject(issued);
    expect(endpoint.audited.at(-1)).toMatchObject({
      outcome: 'issued',
      client_id,
      presented: 'client_assertion',
      auth_method: 'federated',
      assertion_iss: url,
      assertion_sub: job.sub,
    });
    expect(await ask()).toMatchObject(issued);
    expect(server.requests).toEqual([metadata, '/keys']);
  });

  test('B03: the issuer may have a path, with or without a slash at its end', async () => {
    for (const path of ['/id/ABCDEF', '/tenant/v2.0/']) {
      const { trusted, ask } = await platform(path);
      await trusted([{}]);
      expect(await ask()).toMatchObject(issued);
    }
  });

  test('B02: client_id selects the client, and is needed', async () => {
    const { trusted, ask } = await platform();
    await trusted([{}]);
    await trusted([{ subject: 'repo:octo-org/another' }], { client_id: 'another' });
    expect(await ask({}, {})).toEqual(refused);
    expect(reason()).toBe('no client_id, and iss is not sub');
    expect(await ask({}, { client_id: 'another' })).toEqual(refused);
    expect(reason()).toBe('no trust rule agrees: sub');
    expect(await ask({}, { client_id: 'nobody' })).toEqual(refused);
  });

  test('B03: nobody is asked whom the client does not trust', async () => {
    const { trusted, ask, server } = await platform();
    await trusted([{ issuer: 'https://token.actions.githubusercontent.com' }]);
    expect(await ask()).toEqual(refused);
    expect(reason()).toBe('no trust rule for this iss');
    await trusted([]);
    expect(await ask()).toEqual(refused);
    expect(server.requests).toEqual([]);
  });

  test('B03: one rule of several is enough', async () => {
    const { trusted, ask } = await platform();
    await trusted([{ subject: 'x' }, {}, { audience: 'y' }]);
    expect(await ask()).toMatchObject(issued);
    await trusted([{ subject: 'x' }, { audience: 'y' }]);
    const notY = 'aud of the assertion is not y';
    expect(await ask()).toEqual(explained(`${notY}; aud is ${issuer}`));
    await trusted([{ max_lifetime: 60 }, { audience: 'y' }, { audience: 'y' }]);
    const claims = { exp: stoppedAt + 400 };
    const tooLong = 'the assertion lives for 400 seconds, and may for 60 (exp)';
    expect(await ask({ claims })).toEqual(explained(`${tooLong}; ${notY}; aud is ${issuer}`));
    await trusted([{ subject: 'x' }, { claims: { ref: 'y' } }]);
    expect(await ask()).toEqual(refused);
    expect(reason()).toBe('no trust rule agrees: sub, ref');
  });

  test('B08: an assertion counts once, unless the rule says that it is handed out for longer', async () => {
    const { trusted, ask } = await platform();
    await trusted([{}]);
    const claims = { jti: 'once' };
    expect(await ask({ claims })).toMatchObject(issued);
    expect(await ask({ claims })).toEqual(explained('the assertion was used before (jti)'));
    expect(reason()).toBe('the assertion was used before (jti)');
    expect(await ask({ claims: { jti: undefined } })).toEqual(
      explained('the assertion has no jti'),
    );
    await trusted([{ single_use: false }]);
    for (const again of [claims, claims, { jti: undefined }]) {
      expect(await ask({ claims: again })).toMatchObject(issued);
    }
  });
});

type Row = readonly [what: string, rule: Partial<TrustRule>, claims: Claims];

const glob = (subject_glob: string): Partial<TrustRule> => ({ subject: undefined, subject_glob });
const sts = 'https://sts.amazonaws.com/';
const inAccount = { [sts]: { aws_account: '123456789012', org_id: 'o-abc', source_region: 'x' } };

const agreements: readonly Row[] = [
  ['a glob at the end', glob('repo:octo-org/octo-repo:*'), {}],
  ['a glob at the front', glob('*:ref:refs/heads/main'), {}],
  ['a glob in the middle', glob('repo:*:ref:refs/heads/main'), {}],
  ['two globs', glob('repo:octo-org/*:ref:refs/heads/*'), {}],
  ['two globs that need the first of two places', glob('a*b*b'), { sub: 'axbxbb' }],
  ['a glob without a star', glob(String(job.sub)), {}],
  ['a claim', { claims: { repository: 'octo-org/octo-repo' } }, {}],
  ['several claims', { claims: { repository: 'octo-org/octo-repo', ref: 'refs/heads/main' } }, {}],
  ['a claim within another', { claims: { [sts]: { aws_account: '123456789012' } } }, inAccount],
  ['a claim that is true', { claims: { email_verified: true } }, { email_verified: true }],
  ['a claim that is a number', { claims: { run_attempt: 1 } }, { run_attempt: 1 }],
  ['a claim that is a list', { claims: { groups: ['a', 'b'] } }, { groups: ['a', 'b'] }],
  ['another audience', { audience: 'sts.example.com' }, { aud: 'sts.example.com' }],
  ['an audience in a list', {}, { aud: [issuer] }],
  ['the longest lifetime', { max_lifetime: 3600 }, { exp: stoppedAt + 3600 }],
  [
    'a day, dated back by five minutes as at Microsoft',
    { max_lifetime: 86_400 },
    { iat: stoppedAt - 300, nbf: stoppedAt - 300, exp: stoppedAt + 86_400 },
  ],
  [
    'an hour, dated back by one minute',
    { max_lifetime: 3600 },
    { iat: stoppedAt - 60, exp: stoppedAt + 3600 },
  ],
  [
    'an nbf of long ago, as at GitHub',
    { max_lifetime: 300 },
    { nbf: stoppedAt - 600, exp: stoppedAt + 300 },
  ],
  ['no iat', { max_lifetime: 600 }, { iat: undefined, exp: stoppedAt + 630 }],
];

const disagreements: readonly Row[] = [
  ['sub: another branch', {}, { sub: 'repo:octo-org/octo-repo:ref:refs/heads/other' }],
  ['sub: another case', {}, { sub: String(job.sub).toUpperCase() }],
  ['sub: more behind it', {}, { sub: `${job.sub}x` }],
  ['sub: a rule with a star that is no glob', { subject: 'repo:*' }, {}],
  ['sub: a glob is anchored in front', glob('octo-org/*'), {}],
  ['sub: a glob is anchored at the end', glob('*:refs/heads'), {}],
  ['sub: a star stands for something', glob(`${job.sub}*`), {}],
  ['sub: a star in front stands for something', glob(`*${job.sub}`), {}],
  ['sub: two stars do not share', glob('a*b*c'), { sub: 'axbc' }],
  ['sub: the parts do not overlap', glob('ab*ba'), { sub: 'aba' }],
  ['sub: a part in the middle is missing', glob('repo:*:environment:*:*'), {}],
  ['sub: a glob is no regular expression', glob('repo.octo-org/octo-repo:*'), {}],
  ['repository: another', { claims: { repository: 'octo-org/other' } }, {}],
  ['missing: absent', { claims: { missing: 'x' } }, {}],
  ['toString: not its own', { claims: { toString: 'x' } }, {}],
  ['email_verified: a text', { claims: { email_verified: true } }, { email_verified: 'true' }],
  ['run_attempt: a text', { claims: { run_attempt: 1 } }, { run_attempt: '1' }],
  ['groups: more', { claims: { groups: ['a'] } }, { groups: ['a', 'b'] }],
  [`${sts}: another account`, { claims: { [sts]: { aws_account: '1' } } }, inAccount],
  [`${sts}: a text`, { claims: { [sts]: { aws_account: '1' } } }, { [sts]: 'aws_account' }],
  [`${sts}: a list`, { claims: { [sts]: { 0: '1' } } }, { [sts]: ['1'] }],
];

const notOurs = (aud: string) => `aud of the assertion is not ${issuer}; aud is ${aud}`;
const tooLong = (seconds: number, most: number) =>
  `the assertion lives for ${seconds} seconds, and may for ${most} (exp)`;

/** What is wrong with the JWT of a workload that the rule means. */
const explanations: readonly (readonly [...Row, why: string])[] = [
  ['B04: another aud', {}, { aud: 'https://x.example' }, notOurs('https://x.example')],
  ['B04: our token endpoint', {}, { aud: `${issuer}/token` }, notOurs(`${issuer}/token`)],
  [
    'B04: somebody else too',
    {},
    { aud: [issuer, 'https://x.example'] },
    notOurs(`[${issuer}, https://x.example]`),
  ],
  ['B04: no aud in the list', {}, { aud: [] }, notOurs('[]')],
  [
    'B04: the audience that a rule wants',
    { audience: 'api://AzureADTokenExchange' },
    {},
    `aud of the assertion is not api://AzureADTokenExchange; aud is ${issuer}`,
  ],
  [
    'B05: longer than the rule allows',
    { max_lifetime: 600 },
    { exp: stoppedAt + 901 },
    tooLong(901, 600),
  ],
  [
    'B05: longer than the rule allows, without iat',
    { max_lifetime: 600 },
    { iat: undefined, nbf: stoppedAt - 300, exp: stoppedAt + 631 },
    tooLong(631, 600),
  ],
  [
    'B05: dated back by more than five minutes',
    { max_lifetime: 86_400 },
    { iat: stoppedAt - 301, exp: stoppedAt + 86_400 },
    tooLong(86_701, 86_400),
  ],
  [
    'B05: expired',
    {},
    { iat: stoppedAt - 155, exp: stoppedAt - 95 },
    'the assertion expired 95 seconds ago (exp)',
  ],
  [
    'B06: not yet valid',
    {},
    { nbf: stoppedAt + 31 },
    'the assertion is not valid before 31 seconds from now (nbf)',
  ],
  [
    'B07: of the future',
    {},
    { iat: stoppedAt + 31 },
    'the assertion was made 31 seconds from now (iat)',
  ],
  ['B05: without exp', {}, { exp: undefined }, 'the assertion has no exp'],
  ['B08: without jti', {}, { jti: undefined }, 'the assertion has no jti'],
];

describe('RFC 7523 §3 what a trust rule says', () => {
  test.for(agreements)('B03: %s agrees', async ([, special, claims]) => {
    const { trusted, ask } = await platform();
    await trusted([special]);
    expect(await ask({ claims })).toMatchObject(issued);
  });

  test.for(disagreements)('B03: %s', async ([what, special, claims]) => {
    const { trusted, ask } = await platform();
    await trusted([special]);
    expect(await ask({ claims })).toEqual(refused);
    expect(reason()).toBe(`no trust rule agrees: ${what.slice(0, what.indexOf(': '))}`);
  });

  test.for(explanations)('%s is told to the workload that is meant', async (row) => {
    const [, special, claims, why] = row;
    const { trusted, ask } = await platform();
    await trusted([special]);
    expect(await ask({ claims })).toEqual(explained(why));
    expect(why).toContain(reason());
  });

  test.for(explanations)('%s is told to no other workload of the issuer', async (row) => {
    const [, special, claims] = row;
    const { trusted, ask } = await platform();
    await trusted([special]);
    expect(await ask({ claims: { ...claims, sub: 'repo:stranger/x' } })).toEqual(refused);
    await trusted([{ ...special, claims: { repository: 'octo-org/other' } }]);
    expect(await ask({ claims })).toEqual(refused);
    await trusted([{ ...special, issuer: 'https://another.example' }]);
    expect(await ask({ claims })).toEqual(refused);
  });

  test('A21: a disabled client, and one of another method, say nothing to a platform', async () => {
    const { trusted, ask, server } = await platform();
    await trusted([{}], { disabled: true });
    expect(await ask()).toEqual(refused);
    expect(reason()).toBe('the client is disabled');
    await trusted([{}], { token_endpoint_auth_method: 'private_key_jwt' });
    expect(await ask()).toEqual(refused);
    expect(server.requests).toEqual([]);
  });

  test('B03: a glob takes no time, whatever the sub', async () => {
    const { trusted, ask } = await platform();
    await trusted([glob('a*a*a*b')]);
    expect(await ask({ claims: { sub: 'a'.repeat(5000) } })).toEqual(refused);
  });

  test.for<readonly [string, string, AssertionChange]>([
    ['B09: alg HS256', 'alg is none', { header: { alg: 'HS256' }, signer: Buffer.alloc(32) }],
    ['B12: an access token', 'another type', { header: { typ: 'at+jwt' } }],
  ])('%s is refused', async ([, why, change]) => {
    const { trusted, ask } = await platform();
    await trusted([{}]);
    expect(await ask(change)).toEqual(refused);
    expect(reason()).toMatch(why);
  });

  test('B09: the signature of anybody else is refused', async () => {
    const { trusted, ask } = await platform();
    await trusted([{}]);
    const other = await testKey('RS256');
    expect(await ask({ signer: other.privateKey })).toEqual(refused);
    // The latter where it is above the modulus of the platform's key.
    expect(reason()).toMatch(/^(signature verification failed|no applicable key in the set)$/);
  });
});

describe('OpenID Connect Discovery 1.0 §4 the platform’s keys', () => {
  test.for<readonly [string, (url: string) => Parameters<typeof json>[0], string]>([
    ['another issuer', (url) => ({ issuer: `${url}/`, jwks_uri: `${url}/keys` }), 'another issuer'],
    ['no jwks_uri', (url) => ({ issuer: url }), 'no jwks_uri'],
    [
      'a plain jwks_uri',
      (url) => ({ issuer: url, jwks_uri: 'http://x.example.com/' }),
      'no jwks_uri',
    ],
    ['no object', () => [], 'another issuer'],
  ])('B13: a discovery document with %s', async ([, document, why]) => {
    const { trusted, ask, server, metadata, url } = await platform();
    server.replies.set(metadata, json(document(url)));
    await trusted([{}]);
    expect(await ask()).toMatchObject(unavailable);
    expect(reason()).toMatch(why);
  });

  test.for([
    ['a byte order mark before it', { 'content-type': 'application/json' }, '\uFEFF'],
    ['the type of a file in a bucket', { 'content-type': 'binary/octet-stream' }, ''],
  ] as const)('B13: a discovery document with %s is one', async ([, headers, mark]) => {
    const { trusted, ask, server, metadata, url } = await platform();
    const document = JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` });
    server.replies.set(metadata, raw(200, headers, `${mark}${document}`));
    await trusted([{}]);
    expect(await ask()).toMatchObject(issued);
  });

  test.for(['its metadata', 'its keys'])(
    'B13, A24: a platform that is down with %s is 503, and believed to be for ten seconds',
    async (what) => {
      const { trusted, ask, server, metadata } = await platform();
      const path = what === 'its keys' ? '/keys' : metadata;
      const healthy = server.replies.get(path);
      server.replies.set(path, raw(503, {}, ''));
      await trusted([{}]);
      expect(await ask()).toMatchObject(unavailable);
      expect(endpoint.audited.at(-1)).toMatchObject({
        outcome: 'failed',
        client_id,
        reason: 'Error: the server answers 503',
      });
      server.requests.splice(0);
      endpoint.clock.now += 9;
      expect(await ask()).toMatchObject(unavailable);
      expect(server.requests).toEqual([]);
      if (healthy) server.replies.set(path, healthy);
      endpoint.clock.now += 1;
      expect(await ask()).toMatchObject(issued);
    },
  );

  test('B13, A24: while a platform is down, its cached keys serve, and a key that they lack is refused', async () => {
    const { trusted, ask, server, metadata } = await platform();
    await trusted([{}]);
    expect(await ask()).toMatchObject(issued);
    server.replies.set(metadata, raw(503, {}, ''));
    endpoint.clock.now += 300;
    const times = { iat: endpoint.clock.now, exp: endpoint.clock.now + 60 };
    expect(await ask({ claims: times })).toMatchObject(issued);
    expect(await ask({ claims: times, header: { kid: 'another' } })).toEqual(refused);
  });

  test('B13: an issuer that is no URL', async () => {
    const { trusted, ask } = await platform();
    for (const iss of ['spiffe', 'http://x.example.com', 'https://x.example.com/?a']) {
      await trusted([{ issuer: iss }]);
      expect(await ask({ claims: { iss } })).toEqual(refused);
      expect(reason()).toMatch('is not an https URL');
    }
  });
});
