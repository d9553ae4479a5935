import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { wrongValue } from './configuration-error.ts';

/**
 * Checks the file of the certificates that clients' certificates are to come from.
 * @param file absolute, or relative to the folder that the app runs in
 * @returns its absolute path
 * @throws ConfigurationError when it is not there, has anything but certificates in it, one that is
 *   broken, has expired, or is of a kind that cannot say whether it is an authority's, or one twice.
 */
export function checkTruststore(file: string, name = 'mtlsTruststore'): string {
  const path = resolve(file);
  const wrong = problemOf(path);
  if (wrong !== undefined) throw wrongValue(name, file, wrong);
  return path;
}

function problemOf(path: string): string | undefined {
  const pem = textOf(path);
  if (pem === undefined) return `must be a file that can be read, and ${path} is not`;
  const blocks = [...pem.matchAll(pemBlock)].map(([block, label = '']) => ({ block, label }));
  const labels = [...pem.matchAll(/-----BEGIN ([^-]*)-----/g)].map(([, label = '']) => label);
  if (labels.some((label) => label.includes('PRIVATE KEY'))) {
    return 'has a private key in it, which has to leave that file and stay a secret';
  }
  const stranger = labels.find((label) => label !== 'CERTIFICATE');
  if (stranger !== undefined) return `has a ${stranger} in it, and must have certificates alone`;
  if (labels.length === 0) return 'has no certificate in PEM (BEGIN CERTIFICATE) in it';
  if (labels.length > blocks.length) return 'has a certificate in it that does not end';
  const problems = blocks.map(({ block }, index) => certificateProblem(block, index + 1));
  const twice = new Set(blocks.map(({ block }) => block)).size < blocks.length;
  const whole = twice ? 'has the same certificate in it twice' : undefined;
  return problems.find((problem) => problem !== undefined) ?? whole;
}

const pemBlock = /-----BEGIN ([^-]*)-----[^-]*-----END \1-----/g;

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function certificateProblem(block: string, place: number): string | undefined {
  const certificate = parse(block);
  if (!certificate) return `has a certificate in it (number ${place}) that cannot be read`;
  const [, sentence] = rules.find(([isBroken]) => isBroken(certificate)) ?? [];
  if (!sentence) return undefined;
  const name = certificate.subject?.split('\n').join(',');
  return `has a certificate in it (number ${place}, ${name}) ${sentence(certificate)}: take it out`;
}

type Rule = readonly [
  isBroken: (certificate: X509Certificate) => boolean,
  sentence: (certificate: X509Certificate) => string,
];

// RFC 5280 §4.1.2.1: the version field of a certificate that has extensions.
const version3 = Buffer.from('a003020102', 'hex');

const rules: readonly Rule[] = [
  [
    ({ validToDate }) => validToDate.getTime() <= Date.now(),
    ({ validTo }) => `that expired on ${validTo}`,
  ],
  [
    ({ raw }) => !raw.subarray(0, 20).includes(version3),
    () => 'of an old version, which cannot say whether it is an authority',
  ],
  [
    ({ publicKey }) => (publicKey.asymmetricKeyDetails?.modulusLength ?? 2048) < 2048,
    () => 'whose RSA key has less than 2048 bits',
  ],
];

function parse(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}
