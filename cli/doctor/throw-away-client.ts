import { randomBytes } from 'node:crypto';
import { awsTrouble } from '../aws-trouble.ts';
import { Refusal } from '../refusal.ts';
import { createClient, deleteClient } from '../registry/clients.ts';
import type { Registry } from '../registry/registry.ts';
import { CannotCheck, type Finding, notChecked, type Verdict, warning } from './finding.ts';
import type { Credentials } from './subject.ts';

/** A client that an examination gets its token with. */
export interface ExaminationClient {
  /** @throws CannotCheck when there is none */
  readonly credentials: () => Promise<Credentials>;
  /** Takes it away again if it was there for the examination alone; a finding says if that fails. */
  readonly remove: () => Promise<readonly Finding[]>;
}

/** Registers a client without scope at the default resource server. */
export async function throwAwayClient(registry: Registry): Promise<ExaminationClient> {
  const client_id = `doctor-${randomBytes(4).toString('hex')}`;
  try {
    const registration = {
      client_id,
      client_name: 'countersign doctor',
      access_token_lifetime: 60,
    };
    const { client_secret } = await createClient(registry, registration);
    return {
      credentials: async () => ({ client_id, client_secret }),
      remove: () => remove(registry, client_id),
    };
  } catch (error) {
    const verdict = notRegistered(error);
    return { credentials: () => Promise.reject(new CannotCheck(verdict)), remove: async () => [] };
  }
}

function notRegistered(error: unknown): Verdict {
  const why = error instanceof Refusal ? error.message : awsTrouble(error);
  return notChecked(
    `No client could be registered to get a token with: ${why}.`,
    'Mend that, or name a client with --client-id.',
  );
}

async function remove(registry: Registry, client_id: string): Promise<readonly Finding[]> {
  try {
    await deleteClient(registry, client_id);
    return [];
  } catch (error) {
    // Somebody else deleted it.
    if (error instanceof Refusal) return [];
    const what = `The client ${client_id} of this examination is still registered: ${awsTrouble(error)}.`;
    const remedy = `Delete it with \`countersign client delete ${client_id}\`; nobody has its secret.`;
    return [{ check: 'token', section: 'RFC 6749 §4.4', ...warning(what, remedy) }];
  }
}
