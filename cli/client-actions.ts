import type { AuthMethod, Client } from '../functions/oauth/client.ts';
import { clientRecord, clientsText, clientText } from './client-view.ts';
import { confirm } from './question.ts';
import { Refusal } from './refusal.ts';
import { updateClient } from './registry/client-update.ts';
import {
  createClient,
  deleteClient,
  findClient,
  listClients,
  setClientDisabled,
} from './registry/clients.ts';
import type { GrantRequest } from './registry/grants.ts';
import type { Session } from './session.ts';
import { note, pairs } from './terminal.ts';

/** What may be said of a new client and of one that is there. */
interface ClientOptions extends Pick<GrantRequest, 'scope'> {
  readonly grant?: GrantRequest['grants'];
  readonly authMethod?: AuthMethod;
}

export interface CreateOptions extends ClientOptions {
  readonly name: string;
  readonly clientId?: string;
  readonly tokenLifetime?: number;
}

export interface UpdateOptions extends ClientOptions {
  readonly name?: string;
  readonly removeGrant?: readonly string[];
  readonly tokenLifetime?: number | 'default';
}

/** `client create` */
export async function create(session: Session, options: CreateOptions): Promise<void> {
  const { client, client_secret } = await createClient(session.registry, {
    client_name: options.name,
    client_id: options.clientId,
    scope: options.scope,
    grants: options.grant,
    token_endpoint_auth_method: options.authMethod,
    access_token_lifetime: options.tokenLifetime,
  });
  session.print({
    // RFC 7591 §3.2.1: 0 says that the secret does not expire.
    json: { ...clientRecord(client), client_secret, client_secret_expires_at: 0 },
    text: pairs({ client_id: client.client_id, client_secret }),
  });
  if (!options.scope && !options.grant) {
    const [resource] = client.grants.keys();
    note(session.terminal, `It has no scope: its tokens for ${resource} only say who it is.`);
  }
  note(session.terminal, 'Keep the secret now: it is not shown again.');
}

/** `client list` */
export async function list(session: Session): Promise<void> {
  const clients = await listClients(session.registry);
  session.print({ json: clients.map(clientRecord), text: clientsText(clients) });
}

/** `client show` */
export async function show(session: Session, _options: unknown, id: string): Promise<void> {
  printClient(session, await findClient(session.registry, id));
}

/** `client update` */
export async function update(session: Session, options: UpdateOptions, id: string): Promise<void> {
  if (Object.keys(options).length === 0) {
    throw new Refusal('say what to change: see countersign client update --help', 2);
  }
  const both = options.removeGrant?.find((resource) => options.grant?.has(resource));
  if (both) throw new Refusal(`the grant for ${both} cannot be both given and removed`, 2);
  const client = await updateClient(session.registry, id, {
    client_name: options.name,
    scope: options.scope,
    grants: options.grant,
    removedGrants: options.removeGrant,
    token_endpoint_auth_method: options.authMethod,
    access_token_lifetime: options.tokenLifetime,
  });
  printClient(session, client);
}

/** `client disable` */
export async function disable(session: Session, _options: unknown, id: string): Promise<void> {
  printClient(session, await setClientDisabled(session.registry, id, true));
}

/** `client enable` */
export async function enable(session: Session, _options: unknown, id: string): Promise<void> {
  printClient(session, await setClientDisabled(session.registry, id, false));
}

/** `client delete` */
export async function remove(
  session: Session,
  options: { readonly yes?: boolean },
  id: string,
): Promise<void> {
  const { client_name } = await findClient(session.registry, id);
  const question = `Delete the client ${id} (${client_name}) and its secrets?`;
  await confirm(session.terminal, question, options.yes === true);
  await deleteClient(session.registry, id);
  session.print({ json: { client_id: id, deleted: true }, text: `Deleted the client ${id}.` });
}

function printClient(session: Session, client: Client): void {
  session.print({ json: clientRecord(client), text: clientText(client) });
}
