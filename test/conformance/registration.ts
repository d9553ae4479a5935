import { atOnce } from './at-once.ts';
import {
  type ClientName,
  type ClientPlan,
  planOf,
  type ResourceName,
  resourcePlans,
  type ThrowAwayClient,
} from './throw-away.ts';

/**
 * Runs `countersign` with these arguments and gives the JSON that it printed.
 * @throws Error with what it said when it refused, a sentence
 */
export type CountersignCommand = (parameters: readonly string[]) => Promise<unknown>;

/** What the suite has registered. */
export interface Registration {
  readonly clients: ReadonlyMap<ClientName, ThrowAwayClient>;
  readonly resources: ReadonlyMap<ResourceName, string>;
  /** Why a client is not there. */
  readonly trouble: ReadonlyMap<ClientName, string>;
  /**
   * Takes everything away again.
   * @returns the arguments of each `countersign` command that failed to do so
   */
  remove(): Promise<readonly string[]>;
}

/** What is to be registered. */
export interface RegistrationPlan {
  /** Tells this run from any other. */
  readonly run: string;
  readonly names: readonly ClientName[];
  /** The identifier of the API behind the authorizer. */
  readonly api: string | undefined;
}

type Removals = (readonly string[])[];

const inParallel = 3;

/**
 * Registers throw-away clients, and the resource servers that their grants are for. One that fails
 * leaves its trouble behind, and the others are registered all the same.
 */
export async function register(
  command: CountersignCommand,
  { run, names, api }: RegistrationPlan,
): Promise<Registration> {
  const clients = new Map<ClientName, ThrowAwayClient>();
  const trouble = new Map<ClientName, string>();
  const removals: Removals = [];
  const resources = resourcesOf(run);
  const ready = names.length === 0 ? undefined : registerResources(command, resources, removals);
  const hindrance = await ready?.then(() => undefined, messageOf);
  await atOnce(inParallel, names, async (name) => {
    try {
      if (hindrance) throw new Error(hindrance);
      const client_id = `conformance-${run}-${name}`;
      const grants = await grantOptions(command, planOf(name), { resources, api });
      clients.set(
        name,
        await registerClient(command, { client_id, plan: planOf(name), grants }, removals),
      );
    } catch (error) {
      trouble.set(name, messageOf(error));
    }
  });
  return { clients, resources, trouble, remove: () => removeAll(command, removals) };
}

const resourcesOf = (run: string): ReadonlyMap<ResourceName, string> =>
  new Map([
    ['orders', `https://orders.conformance-${run}.example`],
    ['ledger', `urn:conformance-${run}:ledger`],
  ]);

/** One after the other: the first one of a deployment becomes its default. */
async function registerResources(
  command: CountersignCommand,
  resources: ReadonlyMap<ResourceName, string>,
  removals: Removals,
): Promise<void> {
  for (const [name, uri] of resources) {
    const { scope, tokenLifetime } = resourcePlans[name];
    removals.push(['resource', 'delete', uri, '--force', '--yes']);
    await command(['resource', 'create', uri, '--scope', scope, ...lifetimeOption(tokenLifetime)]);
  }
}

interface NewClient {
  readonly client_id: string;
  readonly plan: ClientPlan;
  readonly grants: readonly string[];
}

async function registerClient(
  command: CountersignCommand,
  { client_id, plan, grants }: NewClient,
  removals: Removals,
): Promise<ThrowAwayClient> {
  const { authMethod = 'client_secret_basic', tokenLifetime, afterwards } = plan;
  const create = ['client', 'create', '--name', client_id, '--client-id', client_id];
  removals.unshift(['client', 'delete', client_id, '--yes']);
  const options = ['--auth-method', authMethod, ...lifetimeOption(tokenLifetime), ...grants];
  const client = (await command([...create, ...options])) as CreatedClient;
  if (afterwards === 'disable') await command(['client', 'disable', client_id]);
  if (afterwards === 'replace the secret') {
    await command(['client', 'secret', 'add', client_id]);
    const [known] = client.secrets;
    await command(['client', 'secret', 'revoke', client_id, String(known?.id), '--yes']);
  }
  return { client_id, client_secret: client.client_secret };
}

/** What `client create --json` prints. */
interface CreatedClient extends ThrowAwayClient {
  readonly secrets: readonly { readonly id: string }[];
}

async function grantOptions(
  command: CountersignCommand,
  { grants }: ClientPlan,
  { resources, api }: { resources: ReadonlyMap<ResourceName, string>; api: string | undefined },
): Promise<readonly string[]> {
  const options = Object.entries(grants).map(async ([name, scope]) => {
    const uri = name === 'api' ? api : resources.get(name as ResourceName);
    const granted = scope === '*' ? await wholeScope(command, String(uri)) : scope;
    return ['--grant', `${uri}=${granted}`];
  });
  return (await Promise.all(options)).flat();
}

async function wholeScope(command: CountersignCommand, uri: string): Promise<string> {
  const shown = (await command(['resource', 'show', uri])) as { readonly scope: string };
  return shown.scope;
}

async function removeAll(command: CountersignCommand, removals: Removals): Promise<string[]> {
  const isClient = ([kind]: readonly string[]) => kind === 'client';
  const remove = (parameters: readonly string[]) =>
    command(parameters).then(
      () => [],
      (error) => (/^there is no /.test(messageOf(error)) ? [] : [parameters.join(' ')]),
    );
  const first = await atOnce(inParallel, removals.filter(isClient), remove);
  const rest = await atOnce(
    1,
    removals.filter((parameters) => !isClient(parameters)),
    remove,
  );
  return [...first, ...rest].flat();
}

const lifetimeOption = (seconds: number | undefined): readonly string[] =>
  seconds === undefined ? [] : ['--token-lifetime', String(seconds)];

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
