import type { AuthMethod, Client } from '../../functions/oauth/client.ts';
import { isSecretMethod, kindsOf, lostBy } from '../../registry/client-authentication.ts';
import { newSecret } from '../../registry/client-secrets.ts';
import { type ProofUpdate, updateClient } from '../../registry/client-update.ts';
import { findClient } from '../../registry/clients.ts';
import type { GrantRequest } from '../../registry/grants.ts';
import { CliError } from '../cli-error.ts';
import type { Session } from '../command-context.ts';
import { confirm } from '../io/prompt.ts';
import { printClient } from './actions.ts';
import { chooseMethod, isAboutProof, type ProofOptions } from './authentication-choice.ts';
import { readProof } from './authentication-input.ts';
import { type BindingOptions, bindingOf } from './binding-options.ts';
import { noteSecret, printWithSecret } from './create.ts';

interface UpdateOptions extends ProofOptions, BindingOptions, Pick<GrantRequest, 'scope'> {
  readonly name?: string;
  readonly grant?: GrantRequest['grants'];
  readonly removeGrant?: readonly string[];
  readonly tokenLifetime?: number | 'default';
  readonly yes?: boolean;
}

/** `client update` */
export async function update(session: Session, options: UpdateOptions, id: string): Promise<void> {
  const { yes: _, ...changes } = options;
  if (Object.keys(changes).length === 0) {
    throw new CliError('say what to change: see countersign client update --help', 2);
  }
  const both = options.removeGrant?.find((resource) => options.grant?.has(resource));
  if (both) throw new CliError(`the grant for ${both} cannot be both given and removed`, 2);
  const changed = isAboutProof(options) ? await changedProof(session, options, id) : undefined;
  const client = await updateClient(session.registry, id, {
    client_name: options.name,
    scope: options.scope,
    grants: options.grant,
    removedGrants: options.removeGrant,
    proof: changed?.proof,
    ...bindingOf(options),
    access_token_lifetime: options.tokenLifetime,
  });
  if (changed?.client_secret === undefined) return printClient(session, client);
  printWithSecret(session, client, changed.client_secret);
  noteSecret(session);
}

/** How a client is to prove itself, and the secret that it gets for that. */
interface ChangedProof {
  readonly proof: ProofUpdate;
  readonly client_secret: string | undefined;
}

async function changedProof(
  session: Session,
  options: UpdateOptions,
  id: string,
): Promise<ChangedProof> {
  const client = await findClient(session.registry, id);
  const from = client.token_endpoint_auth_method;
  const to = chooseMethod(options, from, kindsOf(client));
  const given = await readProof(session, options, to);
  await confirmLoss(session, client, to, options.yes === true);
  if (!isSecretMethod(to) || isSecretMethod(from)) {
    return { proof: { from, to, given }, client_secret: undefined };
  }
  const { client_secret, ...secret } = newSecret(session.now());
  return { proof: { from, to, given: { ...given, secrets: [secret] } }, client_secret };
}

async function confirmLoss(
  session: Session,
  client: Client,
  to: AuthMethod,
  yes: boolean,
): Promise<void> {
  const lost = lostBy(to, client).join(' and ');
  if (lost === '') return;
  const { client_id, client_name } = client;
  const question = `Change the client ${client_id} (${client_name}) to ${to}? It loses ${lost}.`;
  await confirm(session.terminal, question, yes);
}
