import { describe, expect, test } from 'vitest';
import { readCertificateSubject } from '../../registry/distinguished-names/certificate-file.ts';
import { RegistryError } from '../../registry/registry-error.ts';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';

const issuer = authority();
const subject: CertificateInit['subject'] = [
  { C: ['BR'] },
  { '1.3.6.1.4.1.311.60.2.1.3': ['BR'] },
  { O: ['Exämple, Inc.'] },
  { CN: ['meter'], OU: ['a+b'] },
];
const registered = 'CN=meter+OU=a\\+b,O=Exämple\\, Inc.,1.3.6.1.4.1.311.60.2.1.3=BR,C=BR';

const made = (init: CertificateInit = {}) => certificate({ issuer, subject, ...init });
const pem = async (init?: CertificateInit) => Buffer.from((await made(init)).cert);
const root = () => pem({ subject: 'O=Test authority', isAuthority: true });

describe('C02: the subject is read out of', () => {
  test('PEM', async () => {
    expect(readCertificateSubject(await pem())).toBe(registered);
  });

  test('PEM with a private key, a text and its authorities around it, in any order', async () => {
    const { cert, key } = await made();
    const chain = [key, 'subject=/CN=somebody else\n', await root(), cert, await root()];
    expect(readCertificateSubject(Buffer.from(chain.join('')))).toBe(registered);
  });

  test('PEM with a byte order mark and the line ends of Windows', async () => {
    const text = `\uFEFF${await pem()}`.replaceAll('\n', '\r\n');
    expect(readCertificateSubject(Buffer.from(text))).toBe(registered);
  });

  test('DER', async () => {
    const [, base64 = ''] = /CERTIFICATE-----([^-]*)/.exec(String(await pem())) ?? [];
    expect(readCertificateSubject(Buffer.from(base64, 'base64'))).toBe(registered);
  });
});

describe('C02: refused, with a sentence that says why', () => {
  test.for<readonly [string, () => Promise<Buffer> | Buffer, string]>([
    ['nothing', () => Buffer.of(), 'holds no certificate in PEM or DER'],
    ['something else', () => Buffer.from('{"keys":[]}'), 'holds no certificate in PEM or DER'],
    [
      'a private key alone',
      async () => Buffer.from((await made()).key),
      'holds no certificate in PEM or DER',
    ],
    [
      'PEM that is cut',
      async () => (await pem()).subarray(0, 200),
      'holds no certificate in PEM or DER',
    ],
    [
      'PEM of something else',
      () => Buffer.from('-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n'),
      'holds no certificate in PEM or DER',
    ],
    ['an authority', root, 'holds the certificate of an authority (CA:TRUE), not of a client'],
    [
      'several clients',
      async () => Buffer.concat([await pem(), await pem({ subject: 'CN=other' })]),
      'holds several certificates that are no authority: give one',
    ],
    [
      'no subject',
      () => pem({ subject: [] }),
      'has a certificate without a subject: register another name that it has, by --tls-san-dns',
    ],
    [
      'a value that is no text',
      () => pem({ subject: [{ CN: ['#0302006f'] }] }),
      'has a certificate whose subject is too long, or not of text that can be compared exactly',
    ],
    [
      'an empty RDN',
      () => pem({ subject: [{}, { CN: ['x'] }] }),
      'has a certificate whose subject',
    ],
    [
      'a long subject',
      () => pem({ subject: [{ CN: ['a'.repeat(1000)] }] }),
      'has a certificate whose subject is too long',
    ],
    ['a large file', () => Buffer.alloc(70_000), 'holds more than 64 KB'],
  ])('%s', async ([, file, sentence]) => {
    const bytes = await file();
    expect(() => readCertificateSubject(bytes)).toThrow(RegistryError);
    expect(() => readCertificateSubject(bytes)).toThrow(`--tls-certificate ${sentence}`);
  });
});
