import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { demoClientSubject, type Identities, type Identity } from './identities.ts';

type KeyPair = webcrypto.CryptoKeyPair;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const lifetimeInMilliseconds = 30 * 86_400_000;
// For clients whose clock is slow.
const backdatingInMilliseconds = 3_600_000;
const authorityName = 'O=Countersign local,CN=Throw-away authority';

/**
 * Makes an authority with a certificate for this computer and one for a demo client.
 * @param names what else this computer is called, such as `auth.example.com`
 */
export async function makeIdentities(now: Date, names: readonly string[]): Promise<Identities> {
  const [authorityKeys, serverKeys, clientKeys] = await Promise.all([
    newKeys(),
    newKeys(),
    newKeys(),
  ]);
  const signer = { keys: authorityKeys, now };
  const [authority, server, demoClient] = await Promise.all([
    signed(signer, authorityName, authorityKeys, [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ]),
    signed(signer, 'O=Countersign local,CN=localhost', serverKeys, [
      ...leafUse(ExtendedKeyUsage.serverAuth),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
        ...names.map((value) => ({ type: 'dns', value }) as const),
      ]),
    ]),
    signed(signer, inOrder(demoClientSubject), clientKeys, leafUse(ExtendedKeyUsage.clientAuth)),
  ]);
  return { authority, server, demoClient };
}

const newKeys = (): Promise<KeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

// A name as a string begins with its last part (RFC 4514 §2.1), a certificate with its first.
const inOrder = (subject: string): string => subject.split(',').toReversed().join(',');

const leafUse = (purpose: ExtendedKeyUsage): readonly Extension[] => [
  new BasicConstraintsExtension(false, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  new ExtendedKeyUsageExtension([purpose]),
];

async function signed(
  { keys, now }: { readonly keys: KeyPair; readonly now: Date },
  subject: string,
  { publicKey, privateKey }: KeyPair,
  extensions: readonly Extension[],
): Promise<Identity> {
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: authorityName,
    publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(now.getTime() - backdatingInMilliseconds),
    notAfter: new Date(now.getTime() + lifetimeInMilliseconds),
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const key = KeyObject.from(privateKey).export({ format: 'pem', type: 'pkcs8' });
  return { certificate: `${certificate.toString('pem')}\n`, key: String(key) };
}
