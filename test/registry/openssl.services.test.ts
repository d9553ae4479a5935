import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../functions/oauth/certificate-name.ts';
import { parseDistinguishedName } from '../../functions/oauth/distinguished-name.ts';
import { readSubjectName } from '../../registry/distinguished-names/read-name.ts';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';

/**
 * The openssl of this computer. What one release printed is in openssl-names.json, for computers without it:
 * here is whether this one prints the same kind.
 */
const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
if (version === '') process.stderr.write('No openssl here: what it prints is not tested.\n');

/** Notations in which every name can be read exactly. */
const notations = ['', 'oneline', 'RFC2253', 'oneline,utf8', 'RFC2253,utf8', 'oneline,oid'];

function printed(pem: string, nameopt: string): string {
  const options = nameopt === '' ? [] : ['-nameopt', nameopt];
  const command = ['x509', '-noout', '-subject', ...options];
  return spawnSync('openssl', command, { input: pem, encoding: 'utf8' }).stdout;
}

const issuer = authority();
const types = ['C', 'O', 'OU', 'CN', '2.5.4.97', '1.3.6.1.4.1.311.60.2.1.3', '1.2.3.4'];
const value = fc
  .oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.stringMatching(/^[ #,+"\\<>;=/a\u00e4\u20ac]{1,8}$/),
  )
  .filter((text) => text.isWellFormed() && text.trim() !== '' && !/[\0\ufffd]/.test(text));
const rdn = fc.dictionary(fc.constantFrom(...types), value, { minKeys: 1, maxKeys: 2 });

describe.skipIf(version === '')(`C02: what this computer prints: ${version.trim()}`, () => {
  test.for(notations)('-nameopt %s', async (nameopt) => {
    await fc.assert(
      fc.asyncProperty(fc.array(rdn, { minLength: 2, maxLength: 3 }), async (rdns) => {
        const subject: CertificateInit['subject'] = rdns.map((attributes) =>
          Object.fromEntries(
            Object.entries(attributes).map(([type, text]) => [type, [{ utf8String: text }]]),
          ),
        );
        const { cert } = await certificate({ issuer, subject });
        const { dn } = readSubjectName(printed(cert, nameopt));
        expect(parseDistinguishedName(dn)).toBe(subjectOf(new X509Certificate(cert)));
      }),
      { numRuns: 6 },
    );
  });
});
