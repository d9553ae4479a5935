import { type Command, Option } from 'commander';
import { type AuthMethod, authMethods, type Client } from '../../functions/oauth/client.ts';
import { resourcesNamed } from '../../functions/oauth/resource-server.ts';
import type { Scope } from '../../functions/oauth/scope.ts';
import { findClients } from '../../registry/clients.ts';
import { expiringSecrets } from '../../registry/expiring-secrets.ts';
import { parseResource } from '../../registry/rules.ts';
import type { CommandContext } from '../command/command-context.ts';
import {
  addPartOptions,
  isSince,
  momentOf,
  momentValue,
  type PartOptions,
  partHelp,
  partNotes,
} from '../command/list-options.ts';
import { durationValue, scopeValue } from '../command/option-values.ts';
import { CliError } from '../io/cli-error.ts';
import { note } from '../io/terminal.ts';
import { expiringRecords, expiringText } from './expiring-view.ts';
import { type Uses, unusedOf } from './last-use.ts';
import { clientRecord, clientsText, trustWarnings } from './view.ts';

type Moment = ReturnType<typeof momentValue>;

/** Which clients are wanted: those that all of these are true of. */
interface ClientFilters {
  readonly authMethod?: AuthMethod;
  readonly scope?: Scope;
  readonly resource?: string;
  readonly disabled?: boolean;
  readonly name?: string;
  readonly createdSince?: Moment;
  /** Seconds. */
  readonly expiringWithin?: number;
}

/** Adds the options of `client list`. */
export function addListOptions(command: Command): Command {
  command
    .addOption(
      new Option('--auth-method <method>', 'those that authenticate so').choices(authMethods),
    )
    .option('--scope <scope>', 'those that may do all of this at one resource server', scopeValue)
    .option('--resource <uri>', 'those that have a grant for it', parseResource)
    .option('--disabled', 'those that get no tokens')
    .option('--name <text>', 'those with this in client_name, in large or small letters')
    .option('--created-since <when>', 'such as 2026-01-31, or 30d for so long ago', momentValue)
    .option(
      '--expiring-within <time>',
      'those with a secret that ends in so long, such as 30d, and which',
      durationValue,
    )
    .option(
      '--unused-since <when>',
      'those that nobody has used since, and when last',
      momentValue,
    );
  return addPartOptions(command).addHelpText('after', `${partHelp}${examples}`);
}

/** `client list` */
export async function list(
  context: CommandContext,
  options: ClientFilters & PartOptions & { readonly unusedSince?: Moment },
): Promise<void> {
  const { limit, after, unusedSince, ...filters } = options;
  const now = context.now();
  const isPart = limit !== undefined || after !== undefined;
  if (unusedSince && isPart) throw new CliError(wholeList, 2);
  const matches = matcher(filters, now);
  const listing = await findClients(context.registry, { limit, after, matches });
  const { next } = listing;
  const { clients, uses } = unusedSince
    ? await unusedOf(context, listing.records, momentOf(unusedSince, now))
    : { clients: listing.records };
  const { json, text } = shown(clients, { now, within: filters.expiringWithin, uses });
  context.print({ json: { clients: json, next }, text });
  if (context.json) return;
  for (const client of clients) {
    for (const warning of trustWarnings(client)) {
      note(context.terminal, `warning: the client ${client.client_id}: ${warning}`);
    }
  }
  for (const sentence of partNotes({ ...listing, records: clients }, context.invocation))
    note(context.terminal, sentence);
}

const wholeList = '--unused-since looks at all clients: leave out --limit and --after';

interface Shown {
  readonly json: readonly object[];
  readonly text: string;
}

/** Clients as they are listed: with the secrets that end, where it is asked for those. */
function shown(
  clients: readonly Client[],
  {
    now,
    within,
    uses,
  }: {
    readonly now: number;
    readonly within: number | undefined;
    readonly uses?: Uses | undefined;
  },
): Shown {
  const record = (client: Client) => clientRecord(client, uses?.get(client.client_id));
  if (within === undefined) return { json: clients.map(record), text: clientsText(clients, uses) };
  const time = { now, within };
  const json = clients.map((client) => ({
    ...record(client),
    expiring_secrets: expiringRecords(client, time),
  }));
  return { json, text: expiringText(clients, time) };
}

type Filter<Value> = (client: Client, wanted: Value, now: number) => boolean;

const filters: {
  readonly [Name in keyof ClientFilters]-?: Filter<NonNullable<ClientFilters[Name]>>;
} = {
  authMethod: (client, method) => client.token_endpoint_auth_method === method,
  scope: ({ grants }, scope) => [...grants.values()].some((granted) => scope.isSubsetOf(granted)),
  resource: ({ grants }, resource) => resourcesNamed(resource, grants.keys()).length > 0,
  disabled: ({ disabled }, wanted) => disabled === wanted,
  name: ({ client_name }, text) => client_name.toLowerCase().includes(text.toLowerCase()),
  createdSince: ({ created_at }, moment, now) => isSince(created_at, moment, now),
  expiringWithin: (client, within, now) => expiringSecrets(client, { now, within }).length > 0,
};

/** Undefined without a filter: then not every client has to be read. */
function matcher(given: ClientFilters, now: number): ((client: Client) => boolean) | undefined {
  const wanted = Object.entries(given) as [keyof ClientFilters, never][];
  if (wanted.length === 0) return undefined;
  return (client) => wanted.every(([name, value]) => filters[name](client, value, now));
}

const examples = `

Examples:
  $ countersign client list
  $ countersign client list --auth-method private_key_jwt --resource https://api.example.com
  $ countersign client list --disabled --created-since 30d --json
  $ countersign client list --expiring-within 30d
  $ countersign client list --unused-since 90d
  $ countersign client list --limit 100`;
