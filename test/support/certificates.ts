import 'reflect-metadata';
import { generateKeyPairSync, type KeyObject, type webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  type Extension,
  type JsonGeneralName,
  type JsonNameParams,
  Name,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { JWK } from 'jose';

/** A certificate with its private key, in PEM, and the public key as a JWK. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly jwk: JWK;
}

/** Who signs certificates. */
export interface Authority {
  readonly name: string | JsonNameParams;
  readonly key: webcrypto.CryptoKey;
}

/** What is special about a certificate. */
export interface CertificateInit {
  /** Without one it signs itself. */
  readonly issuer?: Authority;
  /** In the order of the certificate, which is the reverse of RFC 4514's. */
  readonly subject?: string | JsonNameParams;
  readonly names?: readonly JsonGeneralName[];
  /** Whether it says to be an authority's; without a word on that it is neither. */
  readonly isAuthority?: boolean;
  readonly extensions?: readonly Extension[];
  readonly serialNumber?: string;
  /** Hours from when it begins to be valid, and until when it is. */
  readonly from?: number;
  readonly to?: number;
  /** NumericDate from which they count; the real one where it is not given. */
  readonly at?: number;
  /** Of P-256, unless given: RSA, P-521 or Ed25519. */
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const otherAlgorithms: Readonly<Record<string, webcrypto.Algorithm>> = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as webcrypto.RsaHashedImportParams,
  ed25519: { name: 'Ed25519' },
  secp521r1: { ...algorithm, namedCurve: 'P-521' } as webcrypto.EcKeyImportParams,
};
const hour = 3_600_000;

/** Makes a client's certificate. */
export async function certificate({
  issuer,
  subject = 'O=Example,CN=s6BhdRkqt3',
  names = [],
  isAuthority = false,
  extensions = [],
  serialNumber = '0a01ff',
  from = -1,
  to = 1,
  at = Date.now() / 1000,
  keys = generateKeyPairSync('ec', { namedCurve: 'P-256' }),
}: CertificateInit = {}): Promise<Issued> {
  const { asymmetricKeyType = '', asymmetricKeyDetails } = keys.privateKey;
  const kind = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType;
  const ownAlgorithm = otherAlgorithms[kind] ?? algorithm;
  const own = keys.privateKey.toCryptoKey(ownAlgorithm, true, ['sign']);
  const made = await X509CertificateGenerator.create({
    subject: new Name(subject),
    issuer: new Name(issuer?.name ?? subject),
    publicKey: keys.publicKey.toCryptoKey(ownAlgorithm, true, ['verify']),
    signingKey: issuer?.key ?? own,
    signingAlgorithm: issuer ? algorithm : ownAlgorithm,
    serialNumber,
    notBefore: new Date(at * 1000 + from * hour),
    notAfter: new Date(at * 1000 + to * hour),
    extensions: [
      new BasicConstraintsExtension(isAuthority, undefined, true),
      ...extensions,
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension([...names])] : []),
    ],
  });
  return {
    cert: `${made.toString('pem')}\n`,
    key: String(keys.privateKey.export({ format: 'pem', type: 'pkcs8' })),
    jwk: keys.publicKey.export({ format: 'jwk' }) as JWK,
  };
}

/** Makes an authority of a test's own. */
export function authority(name = 'O=Test authority'): Authority {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { name, key: authorityKey(privateKey) };
}

/** The key of an authority, as certificates are signed with. */
export const authorityKey = (privateKey: KeyObject): webcrypto.CryptoKey =>
  privateKey.toCryptoKey(algorithm, true, ['sign']);
