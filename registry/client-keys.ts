import { calculateJwkThumbprint, type JWK } from 'jose';
import type { ClientJwks } from '../functions/oauth/client.ts';
import { hasSecretMember, saidMembers } from '../functions/oauth/public-jwk.ts';
import { isForEncryption, isUsableKey, keyProblem, keySecretProblem } from './client-key-rules.ts';
import { isObject, type JsonObject, parseJson } from './json-input.ts';
import { RegistryError } from './registry-error.ts';
import { remoteUrlProblem } from './remote-url.ts';

const maxKeys = 10;
const maxCharacters = 16_384;
const maxUriCharacters = 1000;
const isNoJson = '--jwks is not JSON';
const isPem =
  '--jwks holds PEM, not JSON: give the public key as a JWK, as `countersign keypair` prints it';

/** The keys that a client signs with. */
export interface ClientKeys {
  readonly jwks: ClientJwks;
  /** One for each key that is left out. */
  readonly notes: readonly string[];
}

/** A key of the file, and what it is called in sentences. */
interface ListedKey {
  readonly key: JsonObject;
  readonly name: string;
}

/**
 * Reads the public keys of a client: a JWK Set or one JWK (RFC 7517 §4, §5). Of each key the public
 * members are kept. A key without `kid` stays without: it is tried for every `kid` of an assertion. Keys for
 * encryption are left out, if there is one that signs.
 * @throws RegistryError when a key is private, or is of no use here
 */
export async function readClientKeys(text: string): Promise<ClientKeys> {
  const listed = listedKeys(text).map(listedKey);
  const signing = listed.filter(({ key }) => !isForEncryption(key));
  const used = signing.length > 0 ? signing : listed;
  if (used.length > maxKeys) {
    refuse(`--jwks holds ${used.length} keys, and a client has ${maxKeys} at most`);
  }
  const keys = used.map(readKey);
  const names = await Promise.all(keys.map(nameOrThumbprint));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`two of the keys have the kid or the thumbprint ${twice}`);
  const leftOut = listed.filter((key) => !used.includes(key));
  return {
    jwks: { keys },
    notes: leftOut.map(({ name }) => `Of --jwks, ${name} is for encryption, and is left out.`),
  };
}

/**
 * Checks where the keys of a client are published (RFC 7591 §2): as remoteUrlProblem has it, but for a
 * query, which it may have.
 * @param issuer the deployment's
 * @throws RegistryError
 */
export function checkJwksUri(text: string, issuer: string): string {
  const problem = uriTextProblem(text) ?? remoteUrlProblem(text.replace(/\?[^#]*/, ''), issuer);
  if (problem === undefined) return text;
  return refuse(`--jwks-uri ${problem}`);
}

function uriTextProblem(text: string): string | undefined {
  if (text.length > maxUriCharacters)
    return `must not be longer than ${maxUriCharacters} characters`;
  return /^[\x21-\x7E]*$/.test(text) ? undefined : 'must be of visible ASCII characters';
}

function listedKeys(text: string): readonly unknown[] {
  if (text.length > maxCharacters) refuse('--jwks holds more than 16 KB');
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) refuse(keySecretProblem);
  const content = parseJson(text, text.startsWith('-----BEGIN') ? isPem : isNoJson);
  // Before any other fault: whoever mends that would send the private key once more.
  if (holdsSecret(content)) refuse(keySecretProblem);
  if (!isObject(content)) return refuse('--jwks holds no JWK Set, which is {"keys": [...]}');
  const keys: unknown = 'kty' in content ? [content] : content.keys;
  if (!Array.isArray(keys)) return refuse('--jwks holds no JWK Set, which is {"keys": [...]}');
  if (keys.length === 0) refuse('--jwks holds no key');
  return keys;
}

/** Whether a private or shared key is anywhere in it. */
function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('kty' in value && hasSecretMember(value)) return true;
  return Object.values(value).some(holdsSecret);
}

const nameOrThumbprint = async (key: JWK): Promise<string> =>
  key.kid ?? (await calculateJwkThumbprint(key, 'sha256'));

function listedKey(written: unknown, index: number): ListedKey {
  const place = `key ${index + 1}`;
  if (!isObject(written)) return refuse(`${place} of --jwks is no JSON object`);
  const key: JsonObject = { ...saidMembers(written) };
  return { key, name: typeof key.kid === 'string' ? `the key ${key.kid}` : place };
}

function readKey({ key, name }: ListedKey): JWK {
  const problem = keyProblem(key);
  if (problem !== undefined) refuse(`${name} of --jwks ${problem}`);
  if (!isUsableKey(key)) return refuse(`${name} of --jwks has no kty`);
  const { kty, n, e, crv, x, y, kid, alg, use, x5c } = key;
  const members = Object.entries({ kty, n, e, crv, x, y, kid, alg, use, x5c: x5c?.slice(0, 1) });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function refuse(sentence: string): never {
  throw new RegistryError('input', sentence);
}
