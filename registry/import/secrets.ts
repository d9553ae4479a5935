import { hash, randomBytes, scryptSync } from 'node:crypto';
import type { ClientSecret } from '../../functions/oauth/client.ts';
import { hashClientSecret, importedPrefix } from '../../functions/oauth/client-secret.ts';
import { type ImportedHash, readImportedHash } from '../../functions/oauth/imported-hash.ts';
import { longestSecret } from '../client-secrets.ts';
import { leastStrength, secretStrength } from '../secret-strength.ts';
import { type ForeignClient, type ForeignSecret, Unreadable } from './reading.ts';

/** How secrets are taken. */
export interface SecretRules {
  /** Whether secrets are taken that can be guessed. */
  readonly takesWeak: boolean;
  /** NumericDate. */
  readonly now: number;
}

/** The client of a secret: what a guesser knows. */
type Owner = Pick<ForeignClient, 'client_id' | 'members'>;

/**
 * A secret of another system as it is kept here. One in the clear is hashed at once, for nobody needs it any more;
 * a hash stays as it is until the secret is used.
 * @throws Unreadable when it is too weak, or no hash that is known; no part of it is told
 */
export function importedSecret(
  secret: ForeignSecret,
  { client_id, members: { client_name } }: Owner,
  rules: SecretRules,
): ClientSecret {
  const { expires_at } = secret;
  const dates = { created_at: rules.now, expires_at };
  if ('hash' in secret) return { ...fromHash(secret.hash), ...dates };
  const problem = rules.takesWeak
    ? undefined
    : weakness(secret.plain, [client_id, String(client_name ?? '')]);
  if (problem !== undefined) throw new Unreadable(problem);
  return { id: randomBytes(4).toString('hex'), hash: hashClientSecret(secret.plain), ...dates };
}

function weakness(secret: string, related: readonly string[]): string | undefined {
  // Measuring takes the longer the longer it is, and no request has room for a longer one.
  if (secret.length > longestSecret) return `client_secret: it is longer than ${longestSecret}`;
  const bits = secretStrength(secret, related);
  if (bits >= leastStrength) return undefined;
  return `client_secret: it has ${bits} bits at most, and whoever guesses it is the client: ${leastStrength} are enough; --weak-secrets takes it all the same`;
}

function fromHash(text: string): Pick<ClientSecret, 'id' | 'hash'> {
  const read = readImportedHash(text);
  if (typeof read === 'string') throw new Unreadable(`client_secret_hash: ${read}`);
  // The same as ours, but for how it is written.
  if (read.format === 'sha256' && read.salt.length === 0) {
    const digest = Buffer.from(read.digest).toString('base64url');
    return { id: randomBytes(4).toString('hex'), hash: `sha256:${digest}` };
  }
  return { id: idOfHash(text, read), hash: importedPrefix + text };
}

/** Bytes of a salt that nobody guesses. */
const enoughSalt = 8;

/**
 * An id that is always the same for the same hash, so that a second import knows the secret again when its hash has
 * been replaced at first use. Whoever sees the id learns nothing: without the salt no guess of the secret can be
 * tried against it. A hash without one has it made slow to try.
 */
function idOfHash(text: string, { salt }: ImportedHash): string {
  const id =
    salt.length >= enoughSalt
      ? hash('sha256', `countersign import ${text}`, 'buffer')
      : scryptSync(text, 'countersign import', 4, { N: 16_384, r: 8, p: 1 });
  return id.subarray(0, 4).toString('hex');
}
