import type { Client } from '../../functions/oauth/client.ts';
import type { ResourceServer } from '../../functions/oauth/resource-server.ts';
import { formatScope, type Scope } from '../../functions/oauth/scope.ts';
import { defaultResource, setDefaultResource } from '../../registry/default-resource.ts';
import { createIntrospectionClient } from '../../registry/introspection-client.ts';
import {
  checkResourceServerDeletion,
  clientsLosingScope,
  deleteResourceServer,
  mayIntrospect,
} from '../../registry/resource-server-deletion.ts';
import {
  createResourceServer,
  findResourceServers,
  requireResourceServer,
  updateResourceServer,
} from '../../registry/resource-servers.ts';
import { noteSecret } from '../client/create.ts';
import {
  type ClaimOptions,
  type ClaimUpdateOptions,
  claimsUpdateOf,
} from '../command/claim-options.ts';
import type { CommandContext } from '../command/command-context.ts';
import { isSince, type momentValue, type PartOptions, partNotes } from '../command/list-options.ts';
import type { NewResource } from '../command/option-values.ts';
import { noteEffect, noteTokensOut, revocationRecord } from '../command/revocation-effect.ts';
import { CliError } from '../io/cli-error.ts';
import { confirm } from '../io/prompt.ts';
import { pairs } from '../io/table.ts';
import { note } from '../io/terminal.ts';
import { resourceRecord, resourcesText, resourceText } from './view.ts';

export interface CreateOptions extends ClaimOptions {
  readonly scope: Scope;
  readonly default?: boolean;
  readonly tokenLifetime?: number;
  readonly introspection?: true;
}

export interface UpdateOptions extends ClaimUpdateOptions {
  readonly scope?: Scope;
  readonly default?: boolean;
  readonly tokenLifetime?: number | 'default';
}

export interface ListOptions extends PartOptions {
  readonly scope?: Scope;
  readonly createdSince?: ReturnType<typeof momentValue>;
}

/** `resource create` */
export async function create(
  context: CommandContext,
  options: CreateOptions,
  { resource, given }: NewResource,
): Promise<void> {
  await createResourceServer(context.registry, {
    resource,
    scope: options.scope,
    access_token_lifetime: options.tokenLifetime,
    claims: options.claim,
    mayBeDefault: options.default,
  });
  if (options.default) await setDefaultResource(context.registry, resource);
  if (resource !== given) {
    note(context.terminal, `It is registered as ${resource}, the aud of its tokens.`);
  }
  if (options.introspection) await showWithClient(context, resource);
  else await show(context, {}, resource);
}

/** Shows a new resource server, and a client that may introspect its tokens, with its secret, this once. */
async function showWithClient(context: CommandContext, resource: string): Promise<void> {
  const { client, client_secret } = await createIntrospectionClient(context.registry, resource);
  const { client_id } = client;
  const { json, text } = await shown(context, resource);
  context.print({
    json: { ...json, client_id, client_secret, client_secret_expires_at: 0 },
    text: `${text}\n\nMay introspect its tokens:\n${pairs({ client_id, client_secret })}`,
  });
  noteSecret(context);
}

/** `resource list` */
export async function list(
  context: CommandContext,
  { limit, after, scope, createdSince }: ListOptions,
): Promise<void> {
  const now = context.now();
  const matches =
    (scope ?? createdSince) &&
    ((server: ResourceServer) =>
      (!scope || scope.isSubsetOf(server.scope)) &&
      (!createdSince || isSince(server.created_at, createdSince, now)));
  const listing = await findResourceServers(context.registry, { limit, after, matches });
  const { records: servers, next } = listing;
  const standard = await defaultResource(context.registry);
  const resource_servers = servers.map((server) => resourceRecord(server, standard));
  context.print({ json: { resource_servers, next }, text: resourcesText(servers, standard) });
  if (context.json) return;
  for (const sentence of partNotes(listing, context.invocation)) note(context.terminal, sentence);
}

/** `resource show` */
export async function show(
  context: CommandContext,
  _options: unknown,
  resource: string,
): Promise<void> {
  context.print(await shown(context, resource));
}

async function shown({ registry }: CommandContext, resource: string) {
  const server = await requireResourceServer(registry, resource);
  const standard = await defaultResource(registry);
  return { json: resourceRecord(server, standard), text: resourceText(server, standard) };
}

/** `resource update` */
export async function update(
  context: CommandContext,
  options: UpdateOptions,
  named: string,
): Promise<void> {
  if (Object.keys(options).length === 0) {
    throw new CliError('say what to change: see `countersign resource update --help`', 2);
  }
  const { scope, tokenLifetime } = options;
  const claims = claimsUpdateOf(options);
  const { resource } = await requireResourceServer(context.registry, named);
  await updateResourceServer(context.registry, resource, {
    scope,
    access_token_lifetime: tokenLifetime,
    claims,
  });
  if (options.default) await setDefaultResource(context.registry, resource);
  if (scope) await noteLostScopes(context, resource, scope);
  await show(context, {}, resource);
}

/** `resource delete` */
export async function remove(
  context: CommandContext,
  options: { readonly yes?: boolean; readonly force?: boolean },
  named: string,
): Promise<void> {
  const { resource } = await requireResourceServer(context.registry, named);
  const force = options.force === true;
  const clients = await checkResourceServerDeletion(context.registry, resource, { force });
  const ids = idsOf(clients, ({ grants }) => grants.has(resource));
  const introspecting = idsOf(clients, (client) => mayIntrospect(client, resource));
  const grants = ids && ` These clients lose their grants for it: ${ids}.`;
  const question = `Delete the resource server ${resource}?${grants}`;
  await confirm(context.terminal, question, options.yes === true);
  const revocation = await deleteResourceServer(context.registry, resource, { force });
  if (ids) note(context.terminal, `These clients have lost their grants for it: ${ids}.`);
  if (introspecting) {
    note(
      context.terminal,
      `These clients can introspect nothing there any more: ${introspecting}.`,
    );
  }
  context.print({
    json: { resource, deleted: true, ...revocationRecord(revocation) },
    text: `Deleted ${resource}, and revoked the tokens for it.`,
  });
  noteEffect(context, revocation);
}

const idsOf = (clients: readonly Client[], isMeant: (client: Client) => boolean): string =>
  clients
    .filter(isMeant)
    .map(({ client_id }) => client_id)
    .join(', ');

async function noteLostScopes(
  context: CommandContext,
  resource: string,
  kept: Scope,
): Promise<void> {
  const losing = await clientsLosingScope(context.registry, resource, kept);
  for (const client of losing) {
    const lost = formatScope(client.grants.get(resource)?.difference(kept) ?? new Set());
    note(
      context.terminal,
      `The client ${client.client_id} loses ${lost} there, within the time of clientCache (30 s by default).`,
    );
  }
  if (losing.length > 0) noteTokensOut(context, 'resource', resource);
}
