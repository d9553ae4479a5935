import type { Client } from '../../functions/oauth/client.ts';
import { listClients } from '../../registry/clients.ts';
import { parseResource } from '../../registry/rules.ts';
import { awsTrouble } from '../command/aws-trouble.ts';
import type { CommandLine } from '../command/command-context.ts';
import { type Deployment, registryOf } from '../command/deployment.ts';
import { readSecret } from '../io/prompt.ts';
import type { Subject } from './examination/subject.ts';
import { CannotCheck, notChecked } from './findings/finding.ts';
import { shortened } from './findings/foreign-value.ts';
import { type ExaminationClient, throwAwayClient } from './throw-away-client.ts';

/** What the command line says of the client to get a token with. */
export interface ClientOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly resource?: string;
}

/**
 * Chooses the client that was named; else, if there is a deployment, one that is registered for the
 * examination alone; else none.
 * @throws CliError when nobody gives the client's secret, or the resource is no identifier
 */
export async function chooseClient(
  { terminal, now }: CommandLine,
  { clientId: client_id, clientSecret, resource, issuer }: ClientOptions & Pick<Subject, 'issuer'>,
  deployment: Deployment | undefined,
): Promise<ExaminationClient> {
  if (client_id !== undefined) {
    const client_secret = clientSecret || (await readSecret(terminal, issuer));
    return { credentials: async () => ({ client_id, client_secret, resource }), remove: nothing };
  }
  if (deployment) {
    const registered = resource === undefined ? undefined : parseResource(resource);
    return throwAwayClient(registryOf(deployment, now, 'doctor'), registered);
  }
  return { credentials: () => Promise.reject(new CannotCheck(noClient)), remove: nothing };
}

/**
 * Lists the clients of a deployment.
 * @throws CannotCheck, when it is used, if they cannot be read
 */
export const registeredClients =
  (deployment: Deployment, now: () => number) => async (): Promise<readonly Client[]> => {
    try {
      return await listClients(registryOf(deployment, now, 'doctor'));
    } catch (error) {
      const what = `The clients cannot be listed: ${shortened(awsTrouble(error))}.`;
      throw new CannotCheck(
        notChecked(what, 'Mend that: `countersign client list` shows it, too.'),
      );
    }
  };

const nothing = async () => [];

const noClient = notChecked(
  'No client is named to get a token with.',
  'Name one with --client-id, and give its secret in COUNTERSIGN_CLIENT_SECRET.',
);
