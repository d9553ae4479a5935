import { describe, expect, test } from 'vitest';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { risksOf } from '../../registry/trust/risks.ts';
import { kubernetesRule } from '../../registry/trust/short-forms.ts';
import { checkTrustRules, readTrustRules } from '../../registry/trust/trust-rules.ts';
import { certificate } from '../support/certificates.ts';
import { testKey } from '../support/test-key.ts';
import { exponentOne } from '../support/weak-keys.ts';

/** Where the keys of an issuer are, for one that cannot be asked by discovery. */

const deployment = 'https://auth.example.com';
const cluster = 'https://kubernetes.default.svc.cluster.local';
const { jwk } = await testKey('RS256');
const elliptic = (await testKey('ES256')).jwk;
const { cert, key: privateKey } = await certificate({ isAuthority: true });
const bareKeys = await Promise.all(
  Array.from({ length: 4 }, async () => ({ ...(await testKey('ES256')).jwk, kid: undefined })),
);
const pod = { issuer: cluster, subject: 'system:serviceaccount:shop:billing' };

const read = (value: unknown, issuer = deployment) => readTrustRules(JSON.stringify(value), issuer);

/** What a rule is refused with, or `taken`. */
function outcome(value: unknown, issuer = deployment): string {
  try {
    read(value, issuer);
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('B13: an issuer that only its own network knows', () => {
  test.for([
    cluster,
    'https://kubernetes.default.svc',
    'https://kubernetes.default',
    'https://kubernetes',
    'https://kubernetes.default.svc.prod.example.com',
    'https://spire-oidc.spire.svc.cluster.local/path',
    'https://ip-10-0-0-1.eu-west-1.compute.internal:6443',
    'https://node.local.',
    'https://vault.home.arpa',
    'https://10.96.0.1',
    'https://192.168.49.2:8443',
    'https://[fd00::1]:6443',
  ])('%s is refused, with the way out', (issuer) => {
    const said = outcome({ ...pod, issuer });
    expect(said).toMatch(/^the trust rule has an issuer that will not do: https:\S+ (names|must)/);
    expect(said).toContain(
      'give its keys in the rule: their JWK Set as jwks (that of a cluster is',
    );
    expect(outcome({ ...pod, issuer }, 'http://127.0.0.1:3000')).toBe(said);
  });

  test('--kubernetes says it, too', () => {
    expect(() => kubernetesRule(`${cluster}:shop:billing`, deployment)).toThrow(/as jwks_uri$/);
  });

  test('without a way out where something else is wrong', () => {
    expect(outcome({ ...pod, issuer: 'http://a.example' })).not.toContain('kubectl');
    expect(outcome({ ...pod, issuer: 'https://a.example?b' })).not.toContain('kubectl');
  });

  test.for(['https://kubernetes.example.com', 'https://internal.example.com', 'https://a.svc.io'])(
    '%s may be known to others',
    (issuer) => {
      expect(outcome({ ...pod, issuer })).toBe('taken');
    },
  );

  test('lets nobody in, which is told of a rule from before', () => {
    const [rule] = read({ ...pod, jwks: { keys: [jwk] } });
    const old = { ...rule, jwks: undefined } as TrustRule;
    expect(risksOf(old)).toEqual([
      expect.stringMatching(/^the rule for https:\S+ has an issuer .+ lets nobody in; .+jwks_uri$/),
    ]);
    expect(risksOf(rule as TrustRule)).toEqual([]);
  });
});

describe('B13: keys in the rule', () => {
  test.for<[string, object]>([
    ['Kubernetes', { platform: 'kubernetes', namespace: 'shop', service_account: 'billing' }],
    ['SPIFFE', { platform: 'spiffe', spiffe_id: 'spiffe://example.com/billing' }],
    ['GitLab', { platform: 'gitlab', project: 'my-group/my-project' }],
    ['any', { platform: 'oidc', subject: 'billing' }],
    ['written out', { subject: 'billing' }],
  ])('%s: the issuer is compared, and never asked', ([, value]) => {
    const rule = { ...value, issuer: cluster, jwks: { keys: [jwk] } };
    expect(read(rule)).toMatchObject([{ issuer: cluster, jwks: { keys: [jwk] } }]);
  });

  test('the issuer may be a name of any kind', () => {
    const rule = { ...pod, issuer: 'kubernetes/serviceaccount', jwks: { keys: [jwk] } };
    expect(read(rule)).toMatchObject([{ issuer: 'kubernetes/serviceaccount' }]);
  });

  test('of each key what is public is kept, and keys for other purposes are left out', () => {
    const others = [
      { ...elliptic, use: 'enc' },
      { ...elliptic, use: 'x509-svid', x5c: ['a'] },
      { kty: 'EC', crv: 'secp256k1', x: 'a', y: 'b' },
      { ...elliptic, alg: 'ECDH-ES' },
    ];
    const jwks = { keys: [...others, { ...jwk, x5t: 'a', ext: true, x5c: null }] };
    expect(read({ ...pod, jwks })[0]?.jwks).toEqual({ keys: [jwk] });
  });

  test('three for an algorithm may be without a kid', () => {
    const keys = [...bareKeys.slice(1), elliptic, { ...jwk, kid: undefined }];
    expect(read({ ...pod, jwks: { keys } })[0]?.jwks?.keys).toHaveLength(5);
  });

  test('of a SPIFFE bundle those are kept that sign JWT-SVIDs', () => {
    const bundle = [
      { ...elliptic, use: 'x509-svid', x5c: ['a'] },
      { ...jwk, use: 'jwt-svid' },
    ];
    expect(read({ ...pod, jwks: { keys: bundle, spiffe_sequence: 1 } })[0]?.jwks).toEqual({
      keys: [{ ...jwk, use: 'sig' }],
    });
  });

  test.for<[string, object, RegExp]>([
    ['no set', { jwks: [jwk] }, /^jwks of a trust rule is a JWK Set$/],
    ['a key alone', { jwks: jwk }, /jwks that are no JWK Set, which is/],
    ['keys that are none', { jwks: { keys: ['a'] } }, /jwks that are no JWK Set/],
    ['no key', { jwks: { keys: [] } }, /jwks without a key that verifies$/],
    [
      'a key for encryption alone',
      { jwks: { keys: [{ ...jwk, use: 'enc' }] } },
      /without a key that verifies: one has another use than sig$/,
    ],
    ['a private key', { jwks: { keys: [{ ...jwk, d: 'AQAB' }] } }, /a key has a private or secret/],
    ['a shared key', { jwks: { keys: [{ kty: 'oct', k: 'AQAB' }] } }, /has a private or secret/],
    ['a weak key', { jwks: { keys: [exponentOne.jwk] } }, /another exponent than 65537$/],
    ['a weak key among others', { jwks: { keys: [jwk, exponentOne.jwk] } }, /exponent than 65537$/],
    [
      'more keys without a kid than are tried',
      { jwks: { keys: bareKeys } },
      /jwks of which more than 3 keys for one algorithm have no kid, and no more are tried: give each/,
    ],
    ['eleven keys', { jwks: { keys: Array(11).fill(jwk) } }, /jwks of more than 10 keys$/],
    [
      'keys and their URL',
      { jwks: { keys: [jwk] }, jwks_uri: 'https://a.example/jwks' },
      /has jwks and a jwks_uri: give one/,
    ],
    ['an authority for nothing', { jwks: { keys: [jwk] }, jwks_ca: cert }, /give that, too$/],
  ])('%s is refused', ([, change, sentence]) => {
    expect(outcome({ ...pod, ...change })).toMatch(sentence);
  });
});

describe('B13: the URL of the keys in the rule', () => {
  test.for<[string, object]>([
    ['by a name', { jwks_uri: 'https://keys.example.com/jwks' }],
    ['with a query', { jwks_uri: 'https://keys.example.com/jwks?appid=1' }],
    ['with an authority', { jwks_uri: 'https://api.example.com:6443/jwks', jwks_ca: cert }],
    ['by a public address with one', { jwks_uri: 'https://34.90.1.2/jwks', jwks_ca: cert }],
    ['by a public address of IPv6', { jwks_uri: 'https://[2606:4700::1]/jwks', jwks_ca: cert }],
  ])('%s', ([, change]) => {
    expect(read({ ...pod, ...change })).toMatchObject([{ ...pod, ...change }]);
  });

  test('of an authority nothing but its certificate is kept', () => {
    const jwks_ca = `subject=CN = a\n${cert}# end\n${cert}`;
    const rule = { ...pod, jwks_uri: 'https://a.example/jwks', jwks_ca };
    expect(read(rule)).toMatchObject([{ jwks_ca: `${cert}${cert}` }]);
  });

  test.for<[string, object, RegExp]>([
    ['http', { jwks_uri: 'http://a.example/jwks' }, /jwks_uri that will not do: .+ an https URL$/],
    ['a private name', { jwks_uri: `${cluster}/jwks` }, /names a host that is known to its own ne/],
    ['an address', { jwks_uri: 'https://34.90.1.2/jwks' }, /must name its host/],
    ['a private address', { jwks_uri: 'https://10.0.0.1/', jwks_ca: cert }, /must name its host/],
    ['this computer', { jwks_uri: 'https://127.0.0.1/', jwks_ca: cert }, /must name its host/],
    ['a mapped address', { jwks_uri: 'https://[::ffff:10.0.0.1]/', jwks_ca: cert }, /must name/],
    ['a password', { jwks_uri: 'https://a:b@34.90.1.2/', jwks_ca: cert }, /must not have a user/],
    ['a text', { jwks_uri: 'https://a.example', jwks_ca: 'CN=a' }, /not one to 5 certificates/],
    [
      'six certificates',
      { jwks_uri: 'https://a.example', jwks_ca: cert.repeat(6) },
      /one to 5 certif/,
    ],
    [
      'a private key',
      { jwks_uri: 'https://a.example', jwks_ca: `${cert}${privateKey}` },
      /private key in its jwks_ca/,
    ],
    [
      'what is no certificate',
      {
        jwks_uri: 'https://a.example',
        jwks_ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      },
      /a certificate in its jwks_ca that cannot be read$/,
    ],
    ['a number', { jwks_uri: 'https://a.example', jwks_ca: 1 }, /is a text in PEM$/],
  ])('%s is refused', ([, change, sentence]) => {
    expect(outcome({ ...pod, ...change })).toMatch(sentence);
  });
});

describe('B03: rules for one issuer have the same keys', () => {
  const other = { ...pod, subject: 'system:serviceaccount:shop:orders' };
  const rules = (...values: readonly object[]) => values.flatMap((value) => read(value));

  test('or what one cluster has signed would count for the other', () => {
    const two = rules({ ...pod, jwks: { keys: [jwk] } }, { ...other, jwks: { keys: [elliptic] } });
    expect(() => checkTrustRules(two)).toThrow(
      `the trust rules for ${cluster} have different keys: register one client for each of the clusters that have this issuer`,
    );
  });

  test('which two service accounts of one cluster have', () => {
    const jwks = { keys: [jwk] };
    expect(() => checkTrustRules(rules({ ...pod, jwks }, { ...other, jwks }))).not.toThrow();
  });
});

describe('B03: the rules of one client are 16 KB together, all of which each request reads', () => {
  const ten = (change: (index: number) => object) =>
    Array.from({ length: 10 }, (_, index) => ({ ...pod, subject: `a:${index}`, ...change(index) }));
  const named = (count: number) => ({
    jwks: { keys: Array.from({ length: count }, (_, index) => ({ ...jwk, kid: `k${index}` })) },
  });
  const behind = (certificates: number) => ({
    jwks_uri: 'https://api.example.com/jwks',
    jwks_ca: cert.repeat(certificates),
  });
  const long = (length: number) => ({ ...named(1), claims: { team: 'a'.repeat(length) } });
  const check = (rules: readonly object[]) => () => checkTrustRules(read(rules));

  test.for<[string, readonly object[]]>([
    ['one rule with ten keys', [{ ...pod, ...named(10) }]],
    ['ten rules with two keys each', ten(() => named(2))],
    ['ten rules with an authority each', ten(() => behind(1))],
    ['ten rules with long claims', ten(() => long(500))],
  ])('%s may be', ([, rules]) => {
    expect(check(rules)).not.toThrow();
  });

  test.for<[string, readonly object[]]>([
    [
      'one rule with a long kid',
      [{ ...pod, jwks: { keys: [{ ...jwk, kid: 'a'.repeat(16_384) }] } }],
    ],
    ['ten rules with four keys each', ten(() => named(4))],
    ['ten rules with five authorities each', ten(() => behind(5))],
    ['ten rules with long claims', ten(() => long(2_000))],
    [
      'ten issuers, of which three have ten keys',
      ten((index) => ({ issuer: `https://c${index}.example.com`, ...named(index > 2 ? 1 : 10) })),
    ],
  ])('%s are refused', ([, rules]) => {
    expect(check(rules)).toThrow(
      /^the trust rules have \d{5} bytes together, with their keys and certificates, and those of a client 16384 at most: /,
    );
  });
});
