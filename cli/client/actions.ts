import type { Client } from '../../functions/oauth/client.ts';
import {
  deleteClient,
  findClient,
  listClients,
  setClientDisabled,
} from '../../registry/clients.ts';
import type { Session } from '../command-context.ts';
import { confirm } from '../io/prompt.ts';
import { clientRecord, clientsText, clientText } from './view.ts';

/** `client list` */
export async function list(session: Session): Promise<void> {
  const clients = await listClients(session.registry);
  session.print({ json: clients.map(clientRecord), text: clientsText(clients) });
}

/** `client show` */
export async function show(session: Session, _options: unknown, id: string): Promise<void> {
  printClient(session, await findClient(session.registry, id));
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
  const { client_name, secrets } = await findClient(session.registry, id);
  const too = secrets.length > 0 ? ' and its secrets' : '';
  const question = `Delete the client ${id} (${client_name})${too}?`;
  await confirm(session.terminal, question, options.yes === true);
  await deleteClient(session.registry, id);
  session.print({ json: { client_id: id, deleted: true }, text: `Deleted the client ${id}.` });
}

/** Prints a client, without anything secret. */
export function printClient(session: Session, client: Client): void {
  session.print({ json: clientRecord(client), text: clientText(client) });
}
