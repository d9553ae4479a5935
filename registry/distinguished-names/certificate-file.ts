import { X509Certificate } from 'node:crypto';
import { subjectAttributes } from '../../functions/oauth/certificate-name.ts';
import { RegistryError } from '../registry-error.ts';
import type { Rdns } from './format-name.ts';
import { registeredName } from './read-name.ts';

const maxBytes = 65_536;
const pem =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * Reads the subject of a client's certificate: PEM, beside which there may be those of its authorities, or DER.
 * @returns the name as it is registered
 * @throws RegistryError when there is not one such certificate, or when it has no subject that can be compared
 */
export function readCertificateSubject(file: Uint8Array): string {
  if (file.length > maxBytes) refuse('holds more than 64 KB');
  const certificates = readCertificates(Buffer.from(file));
  const [certificate, ...others] = certificates.filter(({ ca }) => !ca);
  if (!certificate) return refuse(isAuthority);
  if (others.length > 0) refuse('holds several certificates that are no authority: give one');
  return subjectOf(certificate);
}

function readCertificates(file: Buffer): readonly X509Certificate[] {
  const blocks = file.toString('latin1').match(pem) ?? [];
  try {
    return blocks.length > 0
      ? blocks.map((block) => new X509Certificate(block))
      : [new X509Certificate(file)];
  } catch {
    return refuse('holds no certificate in PEM or DER');
  }
}

function subjectOf(certificate: X509Certificate): string {
  const rdns = readSubject(certificate);
  if (rdns?.length === 0) refuse(isNameless);
  return (rdns && registeredName(rdns)) ?? refuse(isNoText);
}

function readSubject(certificate: X509Certificate): Rdns | undefined {
  try {
    return subjectAttributes(certificate);
  } catch {
    return undefined;
  }
}

const isNameless =
  'has a certificate without a subject: register another name that it has, by --tls-san-dns and the like';
const isNoText =
  'has a certificate whose subject is too long, or not of text that can be compared exactly';
const isAuthority =
  'holds the certificate of an authority (CA:TRUE), not of a client: give the one that the client shows; --tls-subject-dn takes any name';

function refuse(sentence: string): never {
  throw new RegistryError('input', `--tls-certificate ${sentence}`);
}
