import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../functions/oauth/certificate-name.ts';
import { parseDistinguishedName } from '../../functions/oauth/distinguished-name.ts';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';

const issuer = authority();

/** Made with `openssl x509 -req`, which leaves the version out where there are no extensions. */
const versionOne = `-----BEGIN CERTIFICATE-----
MIIBJjCBzQIBATAKBggqhkjOPQQDAjAZMRcwFQYDVQQKDA5UZXN0IGF1dGhvcml0
eTAgFw0yNjExMjUwOTQwMTRaGA8yMTI2MTEwMTA5NDAxNFowJDEQMA4GA1UECgwH
RXhhbXBsZTEQMA4GA1UEAwwHYmlsbGluZzBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABB/Tk4DH4UQaHftQMRoWHA+vMpfZ+QzlbIaZF8G83cRfiAASa6PKG0xj1DkY
MwLlQwEf2oZDPxpr7uzkXpRsdh8wCgYIKoZIzj0EAwIDSAAwRQIhAJf11JMjSI7w
yhaDKlUdjPWh9nTu9y6T6KLU1I14ue1wAiBidftpk1Sjh2Zjy2/5kiS5kIIVIw/M
FIeZf6iYoi993Q==
-----END CERTIFICATE-----
`;

type Subject = CertificateInit['subject'];

const made = async (name: Subject) =>
  new X509Certificate((await certificate({ issuer, subject: name })).cert);
const subject = async (name: Subject) => subjectOf(await made(name));
const shown = async (name: Subject) => (await made(name)).subject;

/** One attribute whose value is written into the certificate as it is. */
const cn = (utf8String: string) => [{ CN: [{ utf8String }] }];

const hex = (text = Buffer.of()) => text.toString('hex');

/** The certificate with some of its bytes replaced. */
const altered = ({ raw }: X509Certificate, from: string, to: string) =>
  new X509Certificate(Buffer.from(hex(raw).replace(from, to), 'hex'));

/** One attribute whose value has this type of ASN.1, and these bytes. */
const encoded = (tag: number, bytes: Buffer) => [
  { CN: [`#${Buffer.from([tag, bytes.length, ...bytes]).toString('hex')}`] },
];

describe('RFC 4514 §3 parsing a string back to a distinguished name', () => {
  test.for([
    // RFC 4514 §4
    'UID=jsmith,DC=example,DC=net',
    'OU=Sales+CN=J.  Smith,DC=example,DC=net',
    'CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net',
    'CN=Before\\0dAfter,DC=example,DC=net',
    'CN=Lu\\C4\\8Di\\C4\\87',
    'CN=a=b',
    'CN=',
    '1.3.6.1.4.1.1466.0=x',
    'cn=a, o=b',
    'CN = a , O = b',
    'CN=\\ a\\ ',
    'CN=\\#a',
    'CN=a#b',
    'emailAddress=a@example.com,serialNumber=1,organizationIdentifier=NTRDE-1',
  ])('C02: %s is a name', (text) => {
    expect(parseDistinguishedName(text)).toEqual(expect.any(String));
  });

  test.for([
    '',
    ' ',
    'a',
    '=a',
    'CN',
    'CN=a,',
    ',CN=a',
    'CN=a,,O=b',
    'CN=a+',
    'XX=a',
    '1.=a',
    '01.2=a',
    'CN=#04024869',
    'CN= #04024869',
    'CN="a"',
    'CN=a;O=b',
    'CN=<a>',
    'CN=a\\',
    'CN=a\\x',
    'CN=a\\4',
    'CN=\\FF',
    'CN=a\0',
    'C N=a',
    'CN=\ud800',
  ])('C02: %j is none', (text) => {
    expect(parseDistinguishedName(text)).toBeUndefined();
  });

  test('C02: no text whatsoever throws, and long ones take no time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        parseDistinguishedName(text);
        parseDistinguishedName(`CN=${text}`);
      }),
    );
    for (const text of ['\\', ' ', '+', ',', 'CN=', '\\ ']) {
      parseDistinguishedName(`CN=${text.repeat(50_000)}`);
    }
  });

  test.for([
    ['case', 'CN=Billing,O=Example', 'cn=BILLING,o=example'],
    ['runs of spaces', 'CN=a   b', 'CN=a b'],
    ['spaces at the ends', 'CN=\\ a\\ ,O=b', 'CN=a,O=b'],
    ['the spelling of an escape', 'CN=a\\,b', 'CN=a\\2Cb'],
    ['the order within an RDN', 'CN=a+OU=b', 'OU=b+CN=a'],
    ['the name of a type', 'emailAddress=a', '1.2.840.113549.1.9.1=a'],
    ['composed characters', 'CN=\u00fc', 'CN=u\u0308'],
    ['compatible characters', 'CN=\uff41', 'CN=a'],
  ] as const)('C02: names do not differ by %s', ([, one, other]) => {
    expect(parseDistinguishedName(one)).toBe(parseDistinguishedName(other));
  });

  test.for([
    ['the order of RDNs', 'CN=a,O=b', 'O=b,CN=a'],
    ['one RDN more', 'CN=a,O=b', 'CN=a'],
    ['two RDNs or one', 'CN=a,OU=b', 'CN=a+OU=b'],
    ['the type', 'CN=a', 'OU=a'],
    ['a space within', 'CN=ab', 'CN=a b'],
    ['an escaped separator', 'CN=a\\,O=b', 'CN=a,O=b'],
    ['an invisible character', 'CN=a\u200bb', 'CN=ab'],
    ['a control character', 'CN=a\\00b', 'CN=ab'],
  ] as const)('C02: names differ by %s', ([, one, other]) => {
    expect(parseDistinguishedName(one)).not.toBe(parseDistinguishedName(other));
  });
});

describe('RFC 5280 §4.1.2.6 the subject of a certificate', () => {
  test.for<readonly [string, Subject, string]>([
    ['an ordinary name', [{ O: ['Example'] }, { CN: ['billing'] }], 'CN=billing,O=Example'],
    ['an RDN of two', [{ OU: ['Sales'], CN: ['Jim'] }], 'CN=Jim+OU=Sales'],
    [
      'everything that needs an escape',
      cn('a,b+c"d\\e<f>g;h=i#j'),
      'CN=a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h=i#j',
    ],
    ['a hash in front', cn('#a'), 'CN=\\#a'],
    ['a line break', cn('a\nb'), 'CN=a\\0Ab'],
    ['a null byte', cn('a\0b'), 'CN=a\\00b'],
    ['letters of anywhere', cn('größe 鍵 😀'), 'CN=größe 鍵 😀'],
    ['a BMPString', [{ CN: [{ bmpString: 'ü, x' }] }], 'CN=ü\\, x'],
    ['a type without a name', [{ '1.2.3.4': ['x'] }], '1.2.3.4=x'],
    ['an e-mail address', [{ E: ['a@example.com'] }], 'emailAddress=a@example.com'],
  ])('C02: %s is told exactly', async ([, name, text]) => {
    expect(await subject(name)).toBe(parseDistinguishedName(text));
    expect(await subject(name)).toEqual(expect.any(String));
  });

  test.for([
    ['by a comma', 'x, CN=admin'],
    ['by a comma and no space', 'x,CN=admin'],
    ['by a plus sign', 'x + CN=admin'],
    ['by a line break', 'x\nCN=admin'],
    ['by a carriage return', 'x\rCN=admin'],
    ['by a null byte', 'admin\0.example.com'],
    ['by quotes', '"admin"'],
    ['by an escape', 'admin\\'],
    ['by the text of an escape', '\\61dmin'],
    ['by a soft hyphen', 'ad\u00admin'],
  ])('C02: no certificate passes for another name %s', async ([, value]) => {
    for (const wanted of ['CN=admin', 'CN=admin,CN=x', 'CN=x,CN=admin', 'CN=x+CN=admin']) {
      expect(await subject(cn(String(value)))).not.toBe(parseDistinguishedName(wanted));
    }
  });

  test('C02: any value comes out of the certificate as it went in', async () => {
    const escaped = (value: string) =>
      [...Buffer.from(value)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (value) => {
        fc.pre(value.isWellFormed());
        expect(await subject(cn(value))).toBe(parseDistinguishedName(`CN=${escaped(value)}`));
      }),
      { numRuns: 60 },
    );
  });

  test.for<readonly [type: string, tag: number, bytes: Buffer, cn: string]>([
    ['a UTF8String', 12, Buffer.from('bücher'), 'bücher'],
    ['a NumericString', 18, Buffer.from('12 3'), '12 3'],
    ['a PrintableString', 19, Buffer.from('billing'), 'billing'],
    ['a TeletexString', 20, Buffer.from('billing'), 'billing'],
    ['an IA5String', 22, Buffer.from('a@example.com'), 'a@example.com'],
    ['a BMPString', 30, Buffer.from('\0b\x01\x0d', 'latin1'), 'b\u010d'],
  ])('C02: %s is read as what it is', async ([, tag, bytes, text]) => {
    expect(await subject(encoded(tag, bytes))).toBe(parseDistinguishedName(`CN=${text}`));
  });

  // OpenSSL prints them all as if they were texts, some as texts that others have.
  test.for<readonly [type: string, tag: number, bytes: Buffer]>([
    ['a BIT STRING', 3, Buffer.from('\0billing')],
    ['an ObjectDescriptor', 7, Buffer.from('billing')],
    ['a PrintableString beyond ASCII', 19, Buffer.from('\xff', 'latin1')],
    ['a TeletexString beyond ASCII', 20, Buffer.from('\xc3\xa9', 'latin1')],
    ['an IA5String beyond ASCII', 22, Buffer.from('\xff', 'latin1')],
  ])('C02: a certificate with %s has no name', async ([, tag, bytes]) => {
    const name = encoded(tag, bytes);
    expect(await shown(name)).toMatch(/^CN=./);
    expect(await subject(name)).toBeUndefined();
    expect(await subject([{ O: ['Example'] }, ...name])).toBeUndefined();
  });

  test('C02: a type of attribute is told exactly, and one of absurd length is none', async () => {
    for (const type of ['0.9.2342', '1.39.1', '2.999.0.16384']) {
      expect(await subject([{ [type]: ['x'] }])).toBe(parseDistinguishedName(`${type}=x`));
    }
    const one = `2a${'01'.repeat(19)}`;
    const uuid = `6983${'ff'.repeat(17)}7f`;
    expect(subjectOf(altered(await made([{ [`1.2${'.1'.repeat(19)}`]: ['x'] }]), one, uuid))).toBe(
      parseDistinguishedName(`2.25.${2n ** 128n - 1n}=x`),
    );
    const long = `1.2${'.123456'.repeat(30)}`;
    expect(await subject([{ [long]: ['x'] }])).toBeUndefined();
  });

  test('C02: a certificate with broken UTF-8 is no certificate', async () => {
    const good = await made(cn('billing'));
    const [text, broken] = ['billing', 'b\xfflling'].map((it) => Buffer.from(it, 'latin1'));
    expect(() => altered(good, hex(text), hex(broken))).toThrow();
  });

  test('C02: a certificate of version 1 has a name too', () => {
    const name = subjectOf(new X509Certificate(versionOne));
    expect(name).toBe(parseDistinguishedName('CN=billing,O=Example'));
  });

  test('C02: a certificate without a subject has no name, and neither has one with an empty RDN', async () => {
    expect(await subject([])).toBeUndefined();
    expect(await subject([{}, { CN: ['billing'] }])).toBeUndefined();
  });
});
