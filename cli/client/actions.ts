import type { Client } from '../../functions/oauth/client.ts';
import {
  deleteClientWithTokens,
  disableClient,
  enableClient,
} from '../../registry/client-revocation.ts';
import { findClient } from '../../registry/clients.ts';
import type { CommandContext } from '../command/command-context.ts';
import { noteEffect, revocationRecord } from '../command/revocation-effect.ts';
import { confirm } from '../io/prompt.ts';
import { useOf } from './last-use.ts';
import { clientRecord, clientText } from './view.ts';

/** `client show` */
export async function show(context: CommandContext, _options: unknown, id: string): Promise<void> {
  const client = await findClient(context.registry, id);
  const use = await useOf(context, id);
  context.print({ json: clientRecord(client, use), text: clientText(client, use) });
}

/** `client disable` */
export async function disable(
  context: CommandContext,
  _options: unknown,
  id: string,
): Promise<void> {
  const { client, revocation } = await disableClient(context.registry, id);
  context.print({
    json: { ...clientRecord(client), ...revocationRecord(revocation) },
    text: clientText(client),
  });
  noteEffect(context, revocation);
}

/** `client enable` */
export async function enable(
  context: CommandContext,
  _options: unknown,
  id: string,
): Promise<void> {
  printClient(context, await enableClient(context.registry, id));
}

/** `client delete` */
export async function remove(
  context: CommandContext,
  options: { readonly yes?: boolean },
  id: string,
): Promise<void> {
  const { client_name, secrets } = await findClient(context.registry, id);
  const too = secrets.length > 0 ? ' and its secrets' : '';
  const question = `Delete the client ${id} (${client_name})${too}?`;
  await confirm(context.terminal, question, options.yes === true);
  const revocation = await deleteClientWithTokens(context.registry, id);
  context.print({
    json: { client_id: id, deleted: true, ...revocationRecord(revocation) },
    text: `Deleted the client ${id}, and revoked its tokens.`,
  });
  noteEffect(context, revocation);
}

/** Prints a client, without anything secret. */
export function printClient(context: CommandContext, client: Client): void {
  context.print({ json: clientRecord(client), text: clientText(client) });
}
