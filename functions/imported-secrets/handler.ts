import * as v from 'valibot';
import { findSecret, replaceImportedHash } from '../../registry/imported-secrets.ts';
import type { Registry } from '../../registry/registry.ts';
import { type Audit, reason } from '../oauth/audit.ts';
import { importedPrefix, matchesClientSecret } from '../oauth/client-secret.ts';
import { readImportedHash } from '../oauth/imported-hash.ts';
import { isSecretOf } from './verification.ts';

/** What verifying imported secrets works with. */
export interface ImportedSecretsVerification {
  readonly registry: Registry;
  readonly audit: Audit;
}

/** What an endpoint asks. */
const question = v.object({
  client_id: v.string(),
  secret_id: v.string(),
  client_secret: v.string(),
});
type Question = v.InferOutput<typeof question>;

/** What it is told. */
interface Answer {
  readonly matches: boolean;
  /** The format of the hash that ours has taken the place of. */
  readonly replaced?: string;
}

/** How often a secret is read again that somebody else has changed meanwhile. */
const mostReadings = 3;

/**
 * Makes the handler that says whether a secret is the one that a client has under an id, by a foreign hash, and
 * replaces this by ours when it is. Nothing of a secret goes into the log, nor into an error.
 * @throws Error when it cannot be told
 */
export function createHandler(verification: ImportedSecretsVerification) {
  return async (event: unknown): Promise<Answer> => {
    const { success, output } = v.safeParse(question, event);
    if (!success) throw new Error('the event is not one of an endpoint');
    for (let reading = 0; reading < mostReadings; reading += 1) {
      const answer = await answerTo(output, verification);
      if (answer) return answer;
    }
    throw new Error(`the client ${output.client_id} is being changed again and again`);
  };
}

/** @returns undefined: somebody else has changed the secret meanwhile, and it is to be read again */
async function answerTo(
  { client_id, secret_id, client_secret }: Question,
  { registry, audit }: ImportedSecretsVerification,
): Promise<Answer | undefined> {
  const stored = (await findSecret(registry, client_id, secret_id))?.hash;
  if (stored === undefined) return { matches: false };
  if (!stored.startsWith(importedPrefix))
    return { matches: matchesClientSecret(client_secret, stored) };
  const hash = readImportedHash(stored.slice(importedPrefix.length));
  if (typeof hash === 'string')
    throw new Error(`the secret ${secret_id} of the client ${client_id}: ${hash}`);
  if (!(await isSecretOf(hash, client_secret))) return { matches: false };
  const entry = { client_id, secret_id, format: hash.format };
  try {
    const replacing = { client_id, secret_id, stored, client_secret };
    if (!(await replaceImportedHash(registry, replacing))) return undefined;
    audit({ ...entry, outcome: 'replaced' });
    return { matches: true, replaced: hash.format };
  } catch (error) {
    // The secret is right all the same: the hash is replaced when it is used next.
    audit({ ...entry, outcome: 'failed', reason: reason(error) });
    return { matches: true };
  }
}
