import { randomBytes } from 'node:crypto';
import { createClient, deleteClient } from '../../registry/clients.ts';
import { defaultResource } from '../../registry/default-resource.ts';
import type { Registry } from '../../registry/registry.ts';
import { RegistryError } from '../../registry/registry-error.ts';
import { awsTrouble } from '../command/aws-trouble.ts';
import type { Credentials } from './examination/subject.ts';
import {
  CannotCheck,
  type Finding,
  notChecked,
  problem,
  type Verdict,
  warning,
} from './findings/finding.ts';

/** A client that an examination gets its token with. */
export interface ExaminationClient {
  /** @throws CannotCheck when there is none */
  readonly credentials: () => Promise<Credentials>;
  /**
   * Deletes it again if it was registered for the examination alone; a finding says if that fails.
   * Afterwards `credentials` throws.
   */
  readonly remove: () => Promise<readonly Finding[]>;
}

/**
 * A client without scope for one examination, which is registered when it is first needed.
 * @param resource the identifier of its resource server, if not the default one
 */
export function throwAwayClient(registry: Registry, resource?: string): ExaminationClient {
  const client_id = `doctor-${randomBytes(4).toString('hex')}`;
  let registration: Promise<Credentials> | undefined;
  return {
    credentials: () => {
      registration ??= register(registry, client_id, resource);
      return registration;
    },
    remove: () => {
      // A registration under way is waited for; a later one must not begin.
      registration ??= Promise.reject(new CannotCheck(over));
      return registration.then(
        () => remove(registry, client_id),
        () => [],
      );
    },
  };
}

const over = notChecked('The examination is over.', 'Try again.');

async function register(
  registry: Registry,
  client_id: string,
  resource: string | undefined,
): Promise<Credentials> {
  try {
    if (resource === undefined && !(await defaultResource(registry))) {
      throw new CannotCheck(noResourceServer);
    }
    const { client_secret } = await createClient(registry, {
      client_id,
      client_name: 'countersign doctor',
      access_token_lifetime: 60,
      ...(resource !== undefined && { grants: new Map([[resource, new Set<string>()]]) }),
    });
    return { client_id, client_secret, resource, isThrowAway: true };
  } catch (error) {
    throw error instanceof CannotCheck ? error : new CannotCheck(notRegistered(client_id, error));
  }
}

const noResourceServer = warning(
  'There is no default resource server, and so no token to look at.',
  'Create one with `countersign resource create URI --scope "..." --default`, or name a registered one with --resource.',
);

function notRegistered(client_id: string, error: unknown): Verdict {
  if (error instanceof RegistryError) {
    const what = `No client could be registered to get a token with: ${error.message}.`;
    return problem(what, 'Name a resource server with --resource that is registered.');
  }
  return problem(
    `No client could be registered to get a token with: ${awsTrouble(error)}.`,
    `Mend that, or name a client with --client-id; delete ${client_id} if \`countersign client list\` shows it.`,
  );
}

async function remove(registry: Registry, client_id: string): Promise<readonly Finding[]> {
  try {
    await deleteClient(registry, client_id);
    return [];
  } catch (error) {
    // There is no such client: somebody else has deleted it.
    if (error instanceof RegistryError) return [];
    const what = `The client ${client_id} of this examination is still registered: ${awsTrouble(error)}.`;
    const remedy = `Delete it with \`countersign client delete ${client_id}\`; nobody has its secret.`;
    return [{ check: 'token', section: 'RFC 6749 §4.4', ...warning(what, remedy) }];
  }
}
