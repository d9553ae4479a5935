import { calculateJwkThumbprint, type JWK } from 'jose';
import { maxTries } from '../functions/oauth/assertion-keys.ts';
import type { AuthMethod, ClientJwks } from '../functions/oauth/client.ts';
import { bareKeysTooMany } from './bare-keys.ts';
import { isForEncryption, isUsableKey, keyProblem } from './client-key-rules.ts';
import { listedKeys } from './key-file.ts';
import type { ListedKey } from './pem-keys.ts';
import { RegistryError } from './registry-error.ts';
import { remoteUrlProblem } from './remote-url.ts';

const maxKeys = 10;
const maxUriCharacters = 1000;

/** The keys that a client signs with. */
export interface ClientKeys {
  readonly jwks: ClientJwks;
  /** What was made of the file, where that is not plain. */
  readonly notes: readonly string[];
}

/**
 * Reads the public keys of a client from a JWK Set, a JWK (RFC 7517 §4, §5) or PEM. Of each key the public
 * members are kept, and its certificate where the client shows that. Keys for encryption are left out, if there
 * is one that signs. A key without `kid` stays without, and is
 * tried for every `kid` of an assertion, unless there are so many that the last would never be tried.
 * @throws RegistryError when a key is private, or is of no use here
 */
export async function readClientKeys(text: string, method: AuthMethod): Promise<ClientKeys> {
  const file = listedKeys(text);
  const signs = method === 'private_key_jwt';
  const listed = signs ? file.listed.map(withoutCertificate) : file.listed;
  const signing = listed.filter(({ key }) => !isForEncryption(key));
  const used = signing.length > 0 ? signing : listed;
  if (used.length > maxKeys) {
    refuse(`--jwks holds ${used.length} keys, and a client has ${maxKeys} at most`);
  }
  const keys = used.map(readKey);
  const kids = await Promise.all(keys.map(kidOrThumbprint));
  const twice = kids.find((kid, index) => kids.indexOf(kid) !== index);
  if (twice !== undefined) refuse(`two of the keys have the kid or the thumbprint ${twice}`);
  const leftOut = listed
    .filter((key) => !used.includes(key))
    .map(({ name }) => `Of --jwks, ${name} is for encryption, and is left out.`);
  const notes = [...file.notes, ...leftOut];
  if (!signs) return { jwks: { keys }, notes };
  const tooMany = bareKeysTooMany(keys);
  const read = keys.map((key, index) => {
    const told = { name: used[index]?.name, thumbprint: kids[index] };
    if (tooMany.has(key)) return { key: { ...key, kid: kids[index] }, note: namedNote(told) };
    return { key, note: file.format === 'pem' ? bareNote(told) : undefined };
  });
  return {
    jwks: { keys: read.map(({ key }) => key) },
    notes: [...notes, ...read.flatMap(({ note }) => note ?? [])],
  };
}

/** What a key that came without a kid is called, and its thumbprint (RFC 7638). */
interface BareKey {
  readonly name: string | undefined;
  readonly thumbprint: string | undefined;
}

const namedNote = ({ name, thumbprint }: BareKey): string =>
  `Of --jwks, ${name} has the kid ${thumbprint}, its thumbprint: more than ${maxTries} keys like it have none.`;

/** JSON shows that a key has no kid; PEM does not. */
const bareNote = ({ name, thumbprint }: BareKey): string =>
  `Of --jwks, ${name} has the thumbprint ${thumbprint}. As its kid an assertion may have that, any other or none.`;

/** An assertion is verified by the key alone, whatever its certificate says. */
function withoutCertificate({ key: { x5c: _, ...key }, name }: ListedKey): ListedKey {
  return { key, name };
}

/**
 * Checks where the keys of a client are published (RFC 7591 §2): as remoteUrlProblem has it, but for a
 * query, which it may have.
 * @param issuer the deployment's
 * @param option that has it, for the sentence
 * @throws RegistryError
 */
export function checkJwksUri(text: string, issuer: string, option: string): string {
  const problem = uriTextProblem(text) ?? remoteUrlProblem(text.replace(/\?[^#]*/, ''), issuer);
  if (problem === undefined) return text;
  return refuse(`${option} ${problem}`);
}

function uriTextProblem(text: string): string | undefined {
  if (text.length > maxUriCharacters)
    return `must not be longer than ${maxUriCharacters} characters`;
  return /^[\x21-\x7E]*$/.test(text) ? undefined : 'must be of visible ASCII characters';
}

const kidOrThumbprint = async (key: JWK): Promise<string> =>
  key.kid ?? (await calculateJwkThumbprint(key, 'sha256'));

function readKey({ key, name }: ListedKey): JWK {
  const problem = keyProblem(key);
  if (problem !== undefined) refuse(`${name} of --jwks ${problem}`);
  if (!isUsableKey(key)) return refuse(`${name} of --jwks has no kty`);
  const { kty, n, e, crv, x, y, kid, alg, use } = key;
  const x5c = key.x5c?.slice(0, 1).map(certificateAlone);
  const members = Object.entries({ kty, n, e, crv, x, y, kid, alg, use, x5c });
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** What stands behind the padding does not count for a reader of base64, and may be anything. */
const certificateAlone = (base64: string): string =>
  Buffer.from(base64, 'base64').toString('base64');

function refuse(sentence: string): never {
  throw new RegistryError('input', sentence);
}
