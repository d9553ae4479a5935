import { formatScope, type Scope } from '../../functions/oauth/scope.ts';
import { defaultResource, setDefaultResource } from '../../registry/default-resource.ts';
import {
  checkResourceServerDeletion,
  clientsLosingScope,
  deleteResourceServer,
} from '../../registry/resource-server-deletion.ts';
import {
  createResourceServer,
  findResourceServer,
  listResourceServers,
  unknownResourceServer,
  updateResourceServer,
} from '../../registry/resource-servers.ts';
import { CliError } from '../cli-error.ts';
import type { Session } from '../command-context.ts';
import { confirm } from '../io/prompt.ts';
import { note } from '../io/terminal.ts';
import type { NewResource } from '../option-values.ts';
import { resourceRecord, resourcesText, resourceText } from './view.ts';

export interface CreateOptions {
  readonly scope: Scope;
  readonly default?: boolean;
  readonly tokenLifetime?: number;
}

export interface UpdateOptions {
  readonly scope?: Scope;
  readonly default?: boolean;
  readonly tokenLifetime?: number | 'default';
}

/** `resource create` */
export async function create(
  session: Session,
  options: CreateOptions,
  { resource, given }: NewResource,
): Promise<void> {
  await createResourceServer(session.registry, {
    resource,
    scope: options.scope,
    access_token_lifetime: options.tokenLifetime,
    mayBeDefault: options.default,
  });
  if (options.default) await setDefaultResource(session.registry, resource);
  if (resource !== given) {
    note(
      session.terminal,
      `It is registered as ${resource}, which clients must use to the letter.`,
    );
  }
  await show(session, {}, resource);
}

/** `resource list` */
export async function list(session: Session): Promise<void> {
  const servers = await listResourceServers(session.registry);
  const standard = await defaultResource(session.registry);
  session.print({
    json: servers.map((server) => resourceRecord(server, standard)),
    text: resourcesText(servers, standard),
  });
}

/** `resource show` */
export async function show(session: Session, _options: unknown, resource: string): Promise<void> {
  const server = await findResourceServer(session.registry, resource);
  if (!server) throw unknownResourceServer(resource);
  const standard = await defaultResource(session.registry);
  session.print({ json: resourceRecord(server, standard), text: resourceText(server, standard) });
}

/** `resource update` */
export async function update(
  session: Session,
  options: UpdateOptions,
  resource: string,
): Promise<void> {
  if (Object.keys(options).length === 0) {
    throw new CliError('say what to change: see countersign resource update --help', 2);
  }
  const { scope, tokenLifetime } = options;
  await updateResourceServer(session.registry, resource, {
    scope,
    access_token_lifetime: tokenLifetime,
  });
  if (options.default) await setDefaultResource(session.registry, resource);
  if (scope) await tellWhoLoses(session, resource, scope);
  await show(session, {}, resource);
}

/** `resource delete` */
export async function remove(
  session: Session,
  options: { readonly yes?: boolean; readonly force?: boolean },
  resource: string,
): Promise<void> {
  const force = options.force === true;
  const clients = await checkResourceServerDeletion(session.registry, resource, { force });
  const ids = clients.map((client) => client.client_id).join(', ');
  const grants = ids && ` These clients lose their grants for it: ${ids}.`;
  const question = `Delete the resource server ${resource}?${grants}`;
  await confirm(session.terminal, question, options.yes === true);
  await deleteResourceServer(session.registry, resource, { force });
  if (ids) note(session.terminal, `These clients have lost their grants for it: ${ids}.`);
  session.print({ json: { resource, deleted: true }, text: `Deleted ${resource}.` });
}

async function tellWhoLoses(session: Session, resource: string, kept: Scope): Promise<void> {
  for (const client of await clientsLosingScope(session.registry, resource, kept)) {
    const lost = formatScope(client.grants.get(resource)?.difference(kept) ?? new Set());
    note(
      session.terminal,
      `The client ${client.client_id} loses ${lost} there, within the time of clientCache (30 s by default).`,
    );
  }
}
