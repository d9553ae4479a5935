import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { JsonGeneralName } from '@peculiar/x509';
import { describe, expect, test } from 'vitest';
import { certifiedKey, isKeyOf } from '../../functions/oauth/certificate-key.ts';
import { matchesExpectedSubject } from '../../functions/oauth/certificate-subject.ts';
import type { CertificateSubject, ExpectedSubject } from '../../functions/oauth/client.ts';
import { expectedSubjectProblem } from '../../functions/oauth/expected-subject.ts';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';

const issuer = authority();

async function matches(init: CertificateInit, expected: ExpectedSubject): Promise<boolean> {
  const { cert } = await certificate({ issuer, ...init });
  return matchesExpectedSubject(new X509Certificate(cert), expected);
}

type Kind = 'dn' | 'dns' | 'uri' | 'ip' | 'email';
type CheckedKind = Exclude<Kind, 'dn'>;
type Row = readonly [kind: Kind, of: string, names: readonly JsonGeneralName[], expected: string];

const member = (kind: Kind): CertificateSubject =>
  kind === 'dn' ? 'tls_client_auth_subject_dn' : `tls_client_auth_san_${kind}`;

const dns = (value: string): JsonGeneralName => ({ type: 'dns', value });
const uri = (value: string): JsonGeneralName => ({ type: 'url', value });
const ip = (value: string): JsonGeneralName => ({ type: 'ip', value });
const email = (value: string): JsonGeneralName => ({ type: 'email', value });

const same: readonly Row[] = [
  ['dns', 'the name', [dns('a.example.com')], 'a.example.com'],
  ['dns', 'the name in capitals', [dns('A.Example.com')], 'a.eXample.com'],
  [
    'dns',
    'one of several names',
    [uri('https://x'), dns('b'), dns('a.example.com')],
    'a.example.com',
  ],
  ['uri', 'the URI', [uri('spiffe://example.com/a')], 'spiffe://example.com/a'],
  ['uri', 'a URI with a comma', [uri('spiffe://example.com/a,b')], 'spiffe://example.com/a,b'],
  ['ip', 'the address', [ip('203.0.113.7')], '203.0.113.7'],
  ['ip', 'an IPv6 address in another form', [ip('2001:db8::7')], '2001:DB8:0:0:0:0:0:7'],
  ['email', 'the address', [email('a@example.com')], 'a@example.com'],
  ['email', 'the host in capitals', [email('a@Example.COM')], 'a@example.com'],
];

const different: readonly Row[] = [
  ['dns', 'a part of the name', [dns('a.example.com')], 'example.com'],
  ['dns', 'more than the name', [dns('a.example.com')], 'b.a.example.com'],
  ['dns', 'a wildcard that covers it', [dns('*.example.com')], 'a.example.com'],
  ['dns', 'a name in a longer text', [dns('x, DNS:a.example.com')], 'a.example.com'],
  ['dns', 'a name in quotes', [dns('"a.example.com"')], 'a.example.com'],
  ['dns', 'the name as a URI', [uri('a.example.com')], 'a.example.com'],
  ['dns', 'a name before a null byte', [dns('a.example.com\0.evil.example')], 'a.example.com'],
  ['dns', 'a name on a line of its own', [dns('x\nDNS:a.example.com')], 'a.example.com'],
  ['dns', 'a letter of another alphabet', [dns('a.examp\u2113e.com')], 'a.example.com'],
  ['dns', 'the escape of a letter', [dns('\\u0061.example.com')], 'a.example.com'],
  ['dns', 'a wildcard that is expected', [dns('a.example.com')], '*.example.com'],
  ['dns', 'a dot more', [dns('a.example.com.')], 'a.example.com'],
  ['uri', 'another case', [uri('spiffe://example.com/A')], 'spiffe://example.com/a'],
  ['uri', 'a slash more', [uri('spiffe://example.com/a/')], 'spiffe://example.com/a'],
  [
    'uri',
    'a URI in a longer one',
    [uri('x:, URI:spiffe://example.com/a')],
    'spiffe://example.com/a',
  ],
  ['uri', 'the URI as a name', [dns('spiffe://example.com/a')], 'spiffe://example.com/a'],
  ['ip', 'another address', [ip('203.0.113.8')], '203.0.113.7'],
  ['ip', 'the address as a name', [dns('203.0.113.7')], '203.0.113.7'],
  ['ip', 'the mapped address', [ip('203.0.113.7')], '::ffff:203.0.113.7'],
  ['email', 'another case of the person', [email('A@example.com')], 'a@example.com'],
  ['email', 'another host', [email('a@example.org')], 'a@example.com'],
  ['email', 'an address with two signs', [email('a@b@example.com')], 'a@example.com'],
  ['email', 'no address at all', [email('aB')], 'ab'],
  ['email', 'a longer address', [email('xa@example.com')], 'a@example.com'],
];

describe('RFC 8705 §2.1.2 client registration metadata', () => {
  test.for(same)('C02: san_%s: %s is the subject', async ([kind, , names, expected]) => {
    expect(await matches({ names }, { [member(kind)]: expected })).toBe(true);
  });

  test.for(different)('C02: san_%s: %s is not', async ([kind, , names, expected]) => {
    expect(await matches({ names }, { [member(kind)]: expected })).toBe(false);
  });

  test.for<Row>([
    ['dns', 'a.example.com', [], 'a.example.com'],
    ['email', 'a@example.com', [], 'a@example.com'],
    ['ip', '203.0.113.7', [], '203.0.113.7'],
    ['uri', 'spiffe://example.com/a', [], 'spiffe://example.com/a'],
  ])('C02: san_%s: a common name does not count', async ([kind, of, , expected]) => {
    const subject: CertificateInit['subject'] = [
      { CN: [{ utf8String: of }] },
      { E: ['a@example.com'] },
    ];
    expect(await matches({ subject }, { [member(kind)]: expected })).toBe(false);
  });

  test('C02: subject_dn is compared as RFC 4514 names are', async () => {
    const subject: CertificateInit['subject'] = [{ O: ['Example'] }, { CN: ['Billing'] }];
    const dn = (tls_client_auth_subject_dn: string) =>
      matches({ subject }, { tls_client_auth_subject_dn });
    expect(await dn('CN=billing, O=Example')).toBe(true);
    expect(await dn('O=Example,CN=billing')).toBe(false);
    expect(await dn('CN=billing')).toBe(false);
    expect(await dn('not a name')).toBe(false);
    expect(await matches({ subject: [] }, { tls_client_auth_subject_dn: 'not a name' })).toBe(
      false,
    );
  });

  test('C02: no subject, or more than one, matches nothing', async () => {
    const names = [dns('a.example.com'), ip('203.0.113.7')];
    expect(await matches({ names }, {})).toBe(false);
    const both = {
      tls_client_auth_san_dns: 'a.example.com',
      tls_client_auth_san_ip: '203.0.113.7',
    };
    expect(await matches({ names }, both)).toBe(false);
  });

  test('C02: names of other types beside it do not hide it', async () => {
    const names: JsonGeneralName[] = [
      { type: 'dn', value: 'CN=x, O=y' },
      { type: 'id', value: '1.2.3.4' },
      { type: 'upn', value: 'a@example.com' },
      dns('a.example.com'),
    ];
    expect(await matches({ names }, { tls_client_auth_san_dns: 'a.example.com' })).toBe(true);
    expect(await matches({ names }, { tls_client_auth_san_email: 'a@example.com' })).toBe(false);
  });

  test('C02: an extension that cannot be read to its end has no names', () => {
    const names = (subjectAltName: string) =>
      matchesExpectedSubject({ subjectAltName } as X509Certificate, {
        tls_client_auth_san_dns: 'a',
      });
    expect(names('DNS:a')).toBe(true);
    for (const text of ['DNS:a, "', 'DNS:a,DNS:b', 'x DNS:a"', 'DNS:a, DNS:"b']) {
      expect(names(text)).toBe(false);
    }
  });

  test.for<readonly [CheckedKind, string]>([
    ['dns', 'a.example.com'],
    ['uri', 'spiffe://example.com/a'],
    ['ip', '203.0.113.7'],
    ['ip', '2001:db8::7'],
    ['email', 'a@example.com'],
  ])('C02: %s %s can be registered', ([kind, value]) => {
    expect(expectedSubjectProblem(`tls_client_auth_san_${kind}`, value)).toBeUndefined();
  });

  test.for<readonly [CheckedKind, string]>([
    ['dns', '*.example.com'],
    ['dns', 'a..b'],
    ['dns', '-a.example.com'],
    ['dns', ''],
    ['uri', `spiffe://example.com/${'a'.repeat(1000)}`],
    ['uri', 'example.com/a'],
    ['uri', 'spiffe://a b'],
    ['ip', '203.0.113'],
    ['ip', '203.0.113.0/24'],
    ['ip', 'fe80::1%eth0'],
    ['dns', '203.0.113.7'],
    ['email', 'a'],
    ['email', 'a@b@c'],
  ])('C02: %s %j cannot, with a sentence that says why', ([kind, value]) => {
    expect(expectedSubjectProblem(`tls_client_auth_san_${kind}`, value)).toMatch(/^must /);
  });
});

describe('RFC 8705 §2.2 self-signed certificate', () => {
  test('C03: the certificate is for the key', async () => {
    for (const keys of [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ed25519'),
    ]) {
      const { cert, jwk } = await certificate({ keys });
      const shown = new X509Certificate(cert);
      expect(isKeyOf(certifiedKey(shown), jwk)).toBe(true);
      expect(isKeyOf(certifiedKey(shown), (await certificate()).jwk)).toBe(false);
    }
  });

  test('C03: where the key is registered with a certificate, it is that one', async () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [one, other] = [await certificate({ keys }), await certificate({ keys })];
    const x5c = [new X509Certificate(one.cert).raw.toString('base64')];
    expect(isKeyOf(certifiedKey(new X509Certificate(one.cert)), { ...one.jwk, x5c })).toBe(true);
    expect(isKeyOf(certifiedKey(new X509Certificate(other.cert)), { ...one.jwk, x5c })).toBe(false);
  });

  test.for<readonly [x5c: unknown]>([[[]], [['x']], [[7]], ['x'], [7], [{}]])(
    'C03: a key with the certificate %j is the key of none',
    async ([x5c]) => {
      const { cert, jwk } = await certificate();
      expect(
        isKeyOf(certifiedKey(new X509Certificate(cert)), { ...jwk, x5c: x5c as string[] }),
      ).toBe(false);
    },
  );

  test.for([
    {},
    { kty: 'EC' },
    { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
    { kty: 'oct', k: '' },
  ])('C03: %j is the key of no certificate', async (jwk) => {
    expect(
      isKeyOf(certifiedKey(new X509Certificate((await certificate()).cert)), jwk as never),
    ).toBe(false);
  });
});
