import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { assertionAlgorithms } from '../functions/oauth/assertion-algorithms.ts';
import { pemSecretProblem } from './client-key-rules.ts';
import type { JsonObject } from './json-input.ts';
import { RegistryError } from './registry-error.ts';

/** A key of the file that --jwks names, and what it is called in sentences. */
export interface ListedKey {
  readonly key: JsonObject;
  readonly name: string;
}

/** The keys of a file. */
export interface ListedKeys {
  readonly listed: readonly ListedKey[];
  /** One for each that is left out. */
  readonly notes: readonly string[];
}

/** Whether a text is PEM (RFC 7468) rather than JSON, which may have some in it. */
export const isPem = (text: string): boolean =>
  text.includes('-----BEGIN ') && !/^\s*[[{"]/.test(text);

/**
 * Reads the public keys of a PEM file: keys, and certificates, of which the key counts. What is around them, as
 * openssl writes it, is skipped. A key that comes twice, by itself and in its certificate, is one key. Of a chain
 * the authorities are left out: they could authenticate as the client.
 * @throws RegistryError when there is anything else in it, or something that cannot be read
 */
export function readPemKeys(text: string): ListedKeys {
  const blocks = blocksOf(text).map(readBlock);
  const certificates = blocks.flatMap(({ certificate }) => certificate ?? []);
  const isLeftOut = ({ certificate }: Block) =>
    certificate !== undefined && isAuthorityAmong(certificate, certificates);
  const listed = onceEach(blocks.filter((block) => !isLeftOut(block)));
  if (listed.length === 0) refuse('--jwks holds certificates of authorities alone');
  const leftOut = blocks.filter(isLeftOut);
  const notes = leftOut.map(({ name }) => `Of --jwks, ${name} is an authority's, and is left out.`);
  return { listed, notes };
}

/** What stands between BEGIN and END. */
interface Block extends ListedKey {
  readonly certificate?: X509Certificate;
}

type Read = (der: Buffer, name: string) => Omit<Block, 'name'>;

const readPublicKey: Read = (der, name) => ({
  key: jwkOf(createPublicKey({ key: der, format: 'der', type: 'spki' }), name),
});

/** Node would take the public part of a private key, too, which nobody should send around under any label. */
const readRsaPublicKey: Read = (key, name) => {
  if (isPrivateRsaKey(key)) refuse(pemSecretProblem('RSA PUBLIC KEY'));
  return { key: jwkOf(createPublicKey({ key, format: 'der', type: 'pkcs1' }), name) };
};

function isPrivateRsaKey(key: Buffer): boolean {
  try {
    createPrivateKey({ key, format: 'der', type: 'pkcs1' });
    return true;
  } catch {
    return false;
  }
}

const readCertificate: Read = (der, name) => {
  const certificate = new X509Certificate(der);
  const x5c = [certificate.raw.toString('base64')];
  return { key: { ...jwkOf(certificate.publicKey, name), x5c }, certificate };
};

/** RFC 7468 §5, §13; the others are of OpenSSL. */
const readers: ReadonlyMap<string, Read> = new Map([
  ['PUBLIC KEY', readPublicKey],
  ['RSA PUBLIC KEY', readRsaPublicKey],
  ['CERTIFICATE', readCertificate],
  ['X509 CERTIFICATE', readCertificate],
  ['TRUSTED CERTIFICATE', readCertificate],
]);

function blocksOf(text: string): readonly RegExpExecArray[] {
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \1-----/g)];
  if (blocks.length === text.split('-----BEGIN ').length - 1) return blocks;
  return refuse('--jwks holds PEM that is cut off or malformed');
}

function readBlock([, label = '', base64 = '']: RegExpExecArray, index: number): Block {
  const name = `key ${index + 1}`;
  const read = readers.get(label);
  if (!read)
    return refuse(`--jwks holds PEM of the type ${label}: give public keys or certificates`);
  try {
    return { name, ...read(Buffer.from(base64, 'base64'), name) };
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    return refuse(`${name} of --jwks holds no ${label} that can be read`);
  }
}

function jwkOf(key: KeyObject, name: string): JsonObject {
  try {
    return { ...key.export({ format: 'jwk' }) };
  } catch {
    return refuse(`${name} of --jwks ${typeProblem(key)}`);
  }
}

/** What is wrong with a key that JWK has no form for. */
function typeProblem({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'rsa-pss') {
    return 'is an RSA key that is limited to PSS (id-RSASSA-PSS), of which there is no JWK: make a plain RSA key, which signs by PS256 too';
  }
  const curve = asymmetricKeyDetails?.namedCurve;
  const type = [asymmetricKeyType, curve].filter(Boolean).join(' ');
  return `is a key of type ${type}, which fits none of ${assertionAlgorithms.join(', ')}`;
}

/**
 * Whether a certificate is of an authority: it has signed that of another key, as one of X.509's first version has
 * that cannot say so; or it says so, and another has signed it, or others do not say so. What openssl makes for a
 * client that signs its own says so, too.
 */
function isAuthorityAmong(
  certificate: X509Certificate,
  certificates: readonly X509Certificate[],
): boolean {
  const { ca, publicKey } = certificate;
  const others = certificates.filter((other) => !other.publicKey.equals(publicKey));
  if (others.some((other) => other.verify(publicKey))) return true;
  return ca && (!certificate.verify(publicKey) || others.some((other) => !other.ca));
}

/** The certificate of a key that comes twice stays with it. */
function onceEach(blocks: readonly Block[]): readonly ListedKey[] {
  const keys = new Map<string, ListedKey>();
  for (const { key, name } of blocks) {
    const { x5c: _, ...bare } = key;
    const id = JSON.stringify(bare);
    const { name: first = name, key: before } = keys.get(id) ?? {};
    keys.set(id, { name: first, key: { ...before, ...key } });
  }
  return [...keys.values()];
}

function refuse(sentence: string): never {
  throw new RegistryError('input', sentence);
}
