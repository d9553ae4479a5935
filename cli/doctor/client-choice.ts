import { parseResource } from '../../registry/rules.ts';
import type { CommandLine } from '../command-context.ts';
import { type Deployment, registryOf } from '../deployment.ts';
import { readSecret } from '../io/prompt.ts';
import { CannotCheck, notChecked } from './findings/finding.ts';
import { type ExaminationClient, throwAwayClient } from './throw-away-client.ts';

/** What a person says of the client to get a token with. */
export interface ClientOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly resource?: string;
}

/**
 * The client that was named, else one for this examination where there is a registry for it.
 * @throws CliError when the client's secret is not to be had, or the resource is none
 */
export async function chooseClient(
  { terminal, now }: CommandLine,
  { clientId: client_id, clientSecret, resource }: ClientOptions,
  deployment: Deployment | undefined,
): Promise<ExaminationClient> {
  if (client_id !== undefined) {
    const client_secret = clientSecret || (await readSecret(terminal));
    return { credentials: async () => ({ client_id, client_secret, resource }), remove: nothing };
  }
  if (deployment) {
    const registered = resource === undefined ? undefined : parseResource(resource);
    return throwAwayClient(registryOf(deployment, now), registered);
  }
  return { credentials: () => Promise.reject(new CannotCheck(noClient)), remove: nothing };
}

const nothing = async () => [];

const noClient = notChecked(
  'No client is named to get a token with.',
  'Name one with --client-id, and give its secret in COUNTERSIGN_CLIENT_SECRET.',
);
