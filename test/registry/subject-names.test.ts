import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../functions/oauth/certificate-name.ts';
import {
  distinguishedName,
  parseDistinguishedName,
} from '../../functions/oauth/distinguished-name.ts';
import { formatName } from '../../registry/distinguished-names/format-name.ts';
import { readSubjectName } from '../../registry/distinguished-names/read-name.ts';
import { RegistryError } from '../../registry/registry-error.ts';

/** Certificates, and what `openssl x509 -subject` prints of them for each -nameopt. */
const openssl: {
  readonly version: string;
  readonly names: readonly {
    readonly what: string;
    readonly certificate: string;
    readonly printed: Readonly<Record<string, string>>;
  }[];
} = JSON.parse(readFileSync(new URL('openssl-names.json', import.meta.url), 'utf8'));

const dn = (text: string) => readSubjectName(text).dn;
const name = (text: string) => parseDistinguishedName(dn(text));

/** What is read, or that nothing is. */
function nameOrNone(text: string) {
  try {
    return name(text);
  } catch (error) {
    expect(error).toBeInstanceOf(RegistryError);
    return 'none';
  }
}

/** Options by which OpenSSL escapes nothing, or not all that it would have to. */
const unescaped = /^sep_|^multiline/;

/** Between `, ` alone, Java and Windows write the other order: a name that ascends is theirs. */
const ascending = ['special characters', 'the client first'];
const isUnclear = (option: string) => /-space_eq|^sep_comma_plus_space/.test(option);

describe.for(openssl.names)('C02: $what, as OpenSSL prints it', ({ what, ...recorded }) => {
  const subject = subjectOf(new X509Certificate(Buffer.from(recorded.certificate, 'base64')));

  test.for(Object.entries(recorded.printed))('-nameopt %s', ([option, text]) => {
    const read = nameOrNone(text);
    if (unescaped.test(option)) expect([subject, 'none']).toContain(read);
    else expect(read).toBe(subject);
  });

  test.for(Object.entries(recorded.printed))('-nameopt %s, without subject=', ([option, text]) => {
    const read = nameOrNone(text.replace(/^subject=/, ''));
    if (unescaped.test(option)) expect([subject, 'none', reversed(subject)]).toContain(read);
    else if (ascending.includes(what) && isUnclear(option)) expect(read).toBe(reversed(subject));
    else expect(read).toBe(subject);
  });
});

const reversed = (subject = '[]') => JSON.stringify(JSON.parse(subject).toReversed());

test('C02: only names with characters that have a meaning are refused, in notations without escapes', () => {
  const refused = openssl.names.flatMap(({ what, printed }) =>
    Object.entries(printed).flatMap(([option, text]) =>
      nameOrNone(text) === 'none' ? [`${what}: ${option}`] : [],
    ),
  );
  expect(refused).toEqual([
    'Open Finance Brasil: sep_comma_plus_space,utf8',
    'Open Finance Brasil: sep_semi_plus_space,utf8',
    'special characters: multiline',
    'special characters: multiline,utf8',
    'special characters: sep_multiline,utf8',
    'special characters: sep_comma_plus_space,utf8',
    'special characters: sep_semi_plus_space,utf8',
  ]);
});

describe('C02: what others print', () => {
  test.for([
    ['OpenSSL up to 1.0, and LibreSSL', 'subject= /C=BR/O=x/CN=y', 'CN=y,O=x,C=BR'],
    ['a slash of theirs in a value', '/C=BR/O=a/b?c=d/CN=host/x', 'CN=host/x,O=a/b?c=d,C=BR'],
    ['a plus sign of theirs', '/O=a+b/OU=c+CN=y', 'OU=c+CN=y,O=a\\+b'],
    ['openssl x509 -text', '        Subject: C = BR, O = x, CN = y', 'CN=y,O=x,C=BR'],
    ['OpenSSL from 3.2 on', 'subject=C=BR, O="x, y", CN=y', 'CN=y,O=x\\, y,C=BR'],
    ['the same without its beginning', 'C=BR, O="x, y", CN=y', 'CN=y,O=x\\, y,C=BR'],
    ['the same where CN is not last', 'C=BR, CN=y, emailAddress=z', 'emailAddress=z,CN=y,C=BR'],
    [
      'the same of EV',
      'businessCategory=b, jurisdictionC=US, C=US, O=x, CN=y',
      'CN=y,O=x,C=US,1.3.6.1.4.1.311.60.2.1.3=US,businessCategory=b',
    ],
    ['Java', 'CN=y, OU=JavaSoft, O="x, y", C=US', 'CN=y,OU=JavaSoft,O=x\\, y,C=US'],
    [
      'Java, a type by its number',
      'CN=y, OID.2.5.4.97=V, C=US',
      'CN=y,organizationIdentifier=V,C=US',
    ],
    ['Java, RFC 2253', 'CN=y,2.5.4.97=#0c0156,C=US', 'CN=y,organizationIdentifier=V,C=US'],
    ['Windows', 'CN=y, S=WA, O="x ""y"", z", C=US', 'CN=y,ST=WA,O=x \\"y\\"\\, z,C=US'],
    ['Windows, e-mail', 'E=a@b.example, CN=y, C=US', 'emailAddress=a@b.example,CN=y,C=US'],
    [
      'GnuTLS',
      'Subject: CN=y,O=x,jurisdictionOfIncorporationCountryName=US',
      'CN=y,O=x,1.3.6.1.4.1.311.60.2.1.3=US',
    ],
    ['Node', 'C=US\nO=x\\, y\nCN=y', 'CN=y,O=x\\, y,C=US'],
    ['nginx and Envoy', 'CN=y,O=x\\, y,C=US', 'CN=y,O=x\\, y,C=US'],
    ['OpenSSL, uniqueIdentifier', 'O = a, uid = jim', '0.9.2342.19200300.100.1.44=jim,O=a'],
    ['a directory', 'uid=jim, ou=a, dc=example, dc=com', 'UID=jim,OU=a,DC=example,DC=com'],
    ['a directory, one part', 'uid=jim', 'UID=jim'],
    ['RFC 2253 §4 with semicolons', 'CN=y;O=x', 'CN=y,O=x'],
    [
      'Open Finance Brasil §9.5',
      'UID=67c57882-043b-11ec-9a03-0242ac130003,1.3.6.1.4.1.311.60.2.1.3=#13024252,2.5.4.15=#0C1450726976617465204F7267616E697A6174696F6E,2.5.4.5=#130E3133333533323336303030313839,CN=mycn.bank.gov.br,OU=497e1ffe-b2a2-4a4d-8ef0-70633fd11b59,O=My Public Bank,L=BRASILIA,ST=DF,C=BR',
      'UID=67c57882-043b-11ec-9a03-0242ac130003,1.3.6.1.4.1.311.60.2.1.3=BR,businessCategory=Private Organization,serialNumber=13353236000189,CN=mycn.bank.gov.br,OU=497e1ffe-b2a2-4a4d-8ef0-70633fd11b59,O=My Public Bank,L=BRASILIA,ST=DF,C=BR',
    ],
  ] as const)('%s: %s', ([, text, registered]) => {
    expect(dn(text)).toBe(registered);
  });

  test.for([
    ['CN=y,O=x,C=BR', undefined],
    ['CN=y', undefined],
    ['C=BR,O=x,CN=y', 'C=BR,O=x,CN=y, of a certificate whose name begins with CN=y.'],
    ['C = BR, CN = y', 'CN=y,C=BR, of a certificate whose name begins with C=BR.'],
    ['CN=y, O=x', 'CN=y,O=x, of a certificate whose name begins with O=x.'],
    ['cn=y', 'CN=y.'],
  ] as const)('it is said how %s is read, unless that is plain', ([text, said]) => {
    expect(readSubjectName(text).note).toBe(said && `The subject is registered as ${said}`);
  });
});

describe('C02: a country of a name that is no code', () => {
  test.for([
    ['CN=y,C=BRA', 'C=BRA is no country: its code has two letters'],
    ['CN=y,C=Brazil', 'C=Brazil is no country: its code has two letters'],
    ['CN=y,C=B1', 'C=B1 is no country: its code has two letters'],
    [
      'CN=y,1.3.6.1.4.1.311.60.2.1.3=BRA',
      '1.3.6.1.4.1.311.60.2.1.3=BRA is no country: its code has two letters',
    ],
    ['CN=y,2.5.4.98=BR', '2.5.4.98=BR is no country: its code has three letters'],
    ['CN=y,2.5.4.99=BRA', '2.5.4.99=BRA is no country: its code has three digits'],
  ] as const)('%s is registered, with a note', ([text, sentence]) => {
    expect(readSubjectName(text)).toEqual({
      dn: text,
      note: `${sentence}. Only a certificate that says the same fits.`,
    });
  });

  test('the note is beside the one of how the name was read', () => {
    expect(readSubjectName('CN = y, C = BRA').note).toMatch(
      /^The subject is registered as .+\. C=BRA is no country: .+ fits\.$/,
    );
  });

  test.for(['CN=y,C=BR', 'CN=y,C=br', 'CN=y,2.5.4.98=BRA', 'CN=y,2.5.4.99=076'])(
    '%s is one',
    (text) => {
      expect(readSubjectName(text)).toEqual({ dn: text, note: undefined });
    },
  );
});

describe('C02: RFC 4514', () => {
  test.for([
    'UID=jsmith,DC=example,DC=net',
    'OU=Sales+CN=J.  Smith,DC=example,DC=net',
    'CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net',
    'CN=Before\\0dAfter,DC=example,DC=net',
    'CN=Lu\\C4\\8Di\\C4\\87',
    '1.3.6.1.4.1.1466.0=x',
    'CN=a=b',
    'CN=\\#a',
    'CN=\\ a\\ ',
    'CN=a\\2cb',
    'CN=\\u20ac'.replace('\\u20ac', '€'),
  ])('§3: %s means what it has always meant', (text) => {
    expect(name(text)).toBe(parseDistinguishedName(text));
    expect(name(text)).toEqual(expect.any(String));
  });

  test('§2.4: a value in hexadecimal is its text', () => {
    expect(dn('1.3.6.1.4.1.1466.0=#04024869'.replace('0402', '0c02'))).toBe(
      '1.3.6.1.4.1.1466.0=Hi',
    );
    expect(dn('CN=#1e0400fc20ac')).toBe('CN=ü€');
    expect(dn('CN=\\#0c024869')).toBe('CN=\\#0c024869');
    expect(dn('CN = #')).toBe('CN=\\#');
  });

  test('every attribute type of certificates in use is known by its name', () => {
    for (const type of [
      ...['CN', 'C', 'ST', 'L', 'O', 'OU', 'STREET', 'DC', 'UID', 'SN', 'GN', 'title'],
      ...['serialNumber', 'organizationIdentifier', 'businessCategory', 'postalCode'],
      ...['jurisdictionL', 'jurisdictionST', 'jurisdictionC', 'pseudonym', 'dnQualifier'],
      ...['postalAddress', 'houseIdentifier', 'unstructuredName', 'INN', 'OGRN', 'SNILS'],
    ]) {
      expect(name(`${type}=x`)).toEqual(expect.any(String));
      expect(name(`/${type.toLowerCase()}=x`)).toEqual(expect.any(String));
    }
  });

  test('any name is registered in a form that means the same', () => {
    const attribute = fc.record({
      type: fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.97', '1.3.6.1.4.1.311.60.2.1.3', '1.2.3'),
      value: fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => text.isWellFormed()),
    });
    const rdns = fc.array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { minLength: 1 });
    fc.assert(
      fc.property(rdns, (written) => {
        const registered = formatName(written);
        expect(parseDistinguishedName(registered)).toBe(distinguishedName(written));
        expect(registered).toMatch(/^[^\p{C}]*$/u);
      }),
    );
  });
});

const mustBe = /^--tls-subject-dn must be a distinguished name as RFC 4514 writes it, .*--tls-cert/;

const noValue = (type: string) => `--tls-subject-dn has no value for ${type}`;

test.for([
  ['', mustBe],
  ['subject=', mustBe],
  ['billing', mustBe],
  ['/', mustBe],
  ['=a', mustBe],
  ['CN=a,', mustBe],
  ['CN=a,,O=b', mustBe],
  [
    'CN=a, b',
    '--tls-subject-dn has a part "b" without an equals sign: write a comma within a value as \\,',
  ],
  ['C = BR, O = Acme, Inc., CN = y', '--tls-subject-dn has a part "Inc." without an equals sign'],
  [`CN=a,${'b'.repeat(99)}`, `--tls-subject-dn has a part "${'b'.repeat(60)}" without`],
  ['CN=', noValue('CN')],
  ['CN=,O=Example', noValue('CN')],
  ['CN=a,O=', noValue('O')],
  ['CN=a+UID=,O=b', noValue('UID')],
  ['subject=C = , CN = a', noValue('C')],
  ['/C=BR/O=/CN=a', noValue('O')],
  ['O=a\nCN=', noValue('CN')],
  ['CN=""', noValue('CN')],
  ['CN=\\20', noValue('CN')],
  ['CN=#0c00', noValue('CN')],
  ['2.5.4.97=,CN=a', noValue('2.5.4.97')],
  ['CN=a+', mustBe],
  ['CN="a', mustBe],
  ['CN="a"b', mustBe],
  ['CN=<a>', mustBe],
  ['CN=a\\', mustBe],
  ['CN=\\FF', mustBe],
  ['CN=a\0', mustBe],
  ['CN=\ufffd', mustBe],
  ['CN = a\\UD800', mustBe],
  ['CN=# a', mustBe],
  ['CN=#a', mustBe],
  ['CN=#0c', mustBe],
  ['CN=#0c0161ff', mustBe],
  ['CN=#0c0161160162', mustBe],
  ['CN=#0c01ff', mustBe],
  ['CN=#0302006f', mustBe],
  ['CN=#04024869', mustBe],
  ['O=x\nCN="a"', mustBe],
  ['/O=x/y=1', '--tls-subject-dn has an attribute of type "y", which is not known'],
  ['/O=x+y=1', '--tls-subject-dn has an attribute of type "y", which is not known'],
  [
    'XX=a',
    '--tls-subject-dn has an attribute of type "XX", which is not known here: write its num',
  ],
  ['CN=a,1.=b', '--tls-subject-dn has an attribute of type "1.", which is not known here'],
  [`CN=${'a'.repeat(998)}`, '--tls-subject-dn must not be longer than 1000 characters'],
  [`CN=${'a'.repeat(5000)}`, '--tls-subject-dn must not be longer than 1000 characters'],
] as const)('C02: %j is refused, with a sentence that says why', ([text, sentence]) => {
  expect(() => readSubjectName(text)).toThrow(RegistryError);
  expect(() => readSubjectName(text)).toThrow(sentence);
});

test('C02: no text whatsoever is a fault of ours, and none takes long', () => {
  fc.assert(
    fc.property(fc.string(), (text) => Boolean(nameOrNone(text) && nameOrNone(`CN=${text}`))),
  );
  for (const piece of [
    '\\',
    ' ',
    '+',
    ',',
    '/',
    '"',
    '="',
    'CN=',
    '\n',
    '""',
    '=',
    '/CN=',
    '+CN=',
  ]) {
    for (const start of ['CN=', '/CN=', 'a\nCN=', 'CN = "']) {
      nameOrNone(start + piece.repeat(4000 / piece.length - 10));
    }
  }
});
