import { calculateJwkThumbprint, type JWK } from 'jose';
import type { ClientJwks } from '../functions/oauth/client.ts';
import { hasSecretMember } from '../functions/oauth/public-jwk.ts';
import { isUsableKey, keyProblem, keySecretProblem } from './client-key-rules.ts';
import { RegistryError } from './registry-error.ts';

const maxKeys = 10;
const maxCharacters = 16_384;

/**
 * Reads the public keys of a client: a JWK Set or one JWK (RFC 7517 §4, §5). Of each key the public
 * members are kept, and a key without `kid` gets its RFC 7638 thumbprint.
 * @throws RegistryError when a key is private, or is of no use here
 */
export async function readClientKeys(text: string): Promise<ClientJwks> {
  const keys = await Promise.all(listedKeys(text).map(readKey));
  const kids = keys.map(({ kid }) => kid);
  const twice = kids.find((kid, index) => kids.indexOf(kid) !== index);
  if (twice !== undefined) refuse(`two of the keys have the kid ${twice}`);
  return { keys };
}

function listedKeys(text: string): readonly unknown[] {
  if (text.length > maxCharacters) refuse('--jwks holds more than 16 KB');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) refuse(keySecretProblem);
  const content = parseJson(text);
  // First of all, so that nobody mends another fault of a file with a private key in it.
  if (holdsSecret(content)) refuse(keySecretProblem);
  if (!isObject(content)) return refuse('--jwks holds no JWK Set, which is {"keys": [...]}');
  const keys: unknown = 'kty' in content ? [content] : content.keys;
  if (!Array.isArray(keys)) return refuse('--jwks holds no JWK Set, which is {"keys": [...]}');
  if (keys.length === 0) refuse('--jwks holds no key');
  if (keys.length > maxKeys) {
    refuse(`--jwks holds ${keys.length} keys, and a client has ${maxKeys} at most`);
  }
  return keys;
}

/** Whether a private or shared key is anywhere in it. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('kty' in value && hasSecretMember(value)) return true;
  return Object.values(value).some(holdsSecret);
}

async function readKey(key: unknown, index: number): Promise<JWK> {
  if (!isObject(key)) return refuse(`key ${index + 1} of --jwks is no JSON object`);
  const problem = await keyProblem(key);
  if (problem !== undefined) refuse(`${nameOf(key, index)} of --jwks ${problem}`);
  if (!isUsableKey(key)) return refuse(`key ${index + 1} of --jwks has no kty`);
  const { kty, n, e, crv, x, y, alg, use, x5c } = key;
  const kid = key.kid ?? (await calculateJwkThumbprint(key, 'sha256'));
  const members = Object.entries({ kty, n, e, crv, x, y, kid, alg, use, x5c: x5c?.slice(0, 1) });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

const nameOf = (key: JsonObject, index: number): string =>
  typeof key.kid === 'string' ? `the key ${key.kid}` : `key ${index + 1}`;

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(
      text.startsWith('-----BEGIN')
        ? '--jwks holds PEM, not JSON: give the public key as a JWK, as `countersign keypair` prints it'
        : '--jwks is not JSON',
    );
  }
}

function refuse(sentence: string): never {
  throw new RegistryError('input', sentence);
}
