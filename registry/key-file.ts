import { hasSecretMember, saidMembers } from '../functions/oauth/public-jwk.ts';
import { keySecretProblem, pemSecretProblem } from './client-key-rules.ts';
import { isObject, type JsonObject, parseJson } from './json-input.ts';
import { isPem, type ListedKey, type ListedKeys, readPemKeys } from './pem-keys.ts';
import { RegistryError } from './registry-error.ts';

/** KB of a file: around PEM much text may stand that does not count. */
const maxSize = { json: 16, pem: 64 };

/** The keys of a file, and of which format it is. */
export interface KeyFile extends ListedKeys {
  readonly format: keyof typeof maxSize;
}

/**
 * Lists the keys of a file: a JWK Set, one JWK (RFC 7517 §4, §5), or PEM. Whether they are of use is not
 * looked at.
 * @throws RegistryError when one is private, or the file is none of these
 */
export function listedKeys(text: string): KeyFile {
  const format = isPem(text) ? 'pem' : 'json';
  const most = maxSize[format];
  if (text.length > most * 1024) refuse(`--jwks holds more than ${most} KB`);
  const [, secret] = /---- ?BEGIN ([A-Z0-9 ]*PRIVATE KEY)/.exec(text) ?? [];
  if (secret !== undefined) refuse(pemSecretProblem(secret));
  if (format === 'pem') return { format, ...readPemKeys(text) };
  return { format, listed: listedJwks(text).map(listedKey), notes: [] };
}

function listedJwks(text: string): readonly unknown[] {
  const content = parseJson(text, `--jwks ${formatProblem(text)}`);
  // Before any other fault: whoever mends that would send the private key once more.
  if (holdsSecret(content)) refuse(keySecretProblem);
  if (!isObject(content)) return refuse('--jwks holds no JWK Set, which is {"keys": [...]}');
  const keys: unknown = 'kty' in content ? [content] : content.keys;
  if (!Array.isArray(keys)) return refuse('--jwks holds no JWK Set, which is {"keys": [...]}');
  if (keys.length === 0) refuse('--jwks holds no key');
  return keys;
}

/** What a file is that is no JSON. */
const otherFormats: readonly (readonly [RegExp, string])[] = [
  [/^\s*[[{"]/, 'is not JSON'],
  [
    /^(ssh|ecdsa)-|BEGIN SSH2/,
    'holds a key of OpenSSH: give it in PEM, as ssh-keygen -e -m PKCS8 -f FILE writes one of RSA or EC',
  ],
  [/[\0\uFFFD]/, 'holds binary data: give PEM, as openssl x509 -inform DER -in FILE writes it'],
];

const formatProblem = (text: string): string =>
  otherFormats.find(([format]) => format.test(text))?.[1] ?? 'is neither JSON nor PEM';

/** Whether a private or shared key is anywhere in it. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('kty' in value && hasSecretMember(value)) return true;
  return Object.values(value).some(holdsSecret);
}

function listedKey(written: unknown, index: number): ListedKey {
  const place = `key ${index + 1}`;
  if (!isObject(written)) return refuse(`${place} of --jwks is no JSON object`);
  const key: JsonObject = { ...saidMembers(written) };
  return { key, name: typeof key.kid === 'string' ? `the key ${key.kid}` : place };
}

function refuse(sentence: string): never {
  throw new RegistryError('input', sentence);
}
