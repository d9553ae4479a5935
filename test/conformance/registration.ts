import type { TlsIdentity } from '../../cli/io/http.ts';
import { atOnce } from './at-once.ts';
import {
  type CountersignCommand,
  grantOptions,
  lifetimeOption,
  registerClient,
} from './registered-client.ts';
import {
  type ClientName,
  planOf,
  type ResourceName,
  resourcePlans,
  type ThrowAwayClient,
} from './throw-away.ts';

/** What the suite has registered. */
export interface Registration {
  readonly clients: ReadonlyMap<ClientName, ThrowAwayClient>;
  readonly resources: ReadonlyMap<ResourceName, string>;
  /** What is shown at a TLS handshake; absent: nothing is. */
  readonly certificate?: TlsIdentity | undefined;
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
  /** What is to be shown at a TLS handshake. */
  readonly certificate?: TlsIdentity | undefined;
  /** Once aborted, nothing more is registered. */
  readonly signal?: AbortSignal | undefined;
}

type Removals = (readonly string[])[];

const inParallel = 3;

/**
 * Registers throw-away clients, and the resource servers that their grants are for. One that fails
 * leaves its trouble behind, and the others are registered all the same.
 */
export async function register(
  command: CountersignCommand,
  { run, names, api, certificate, signal }: RegistrationPlan,
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
      signal?.throwIfAborted();
      const client_id = `conformance-${run}-${name}`;
      const grants = await grantOptions(command, planOf(name), { resources, api });
      removals.unshift(['client', 'delete', client_id, '--yes']);
      const client = { client_id, plan: planOf(name), grants, certificate };
      clients.set(name, await registerClient(command, client));
    } catch (error) {
      trouble.set(name, messageOf(error));
    }
  });
  const remove = () => removeAll(command, removals);
  return { clients, resources, certificate, trouble, remove };
}

const resourcesOf = (run: string): ReadonlyMap<ResourceName, string> =>
  new Map([
    ['orders', `https://orders.conformance-${run}.example`],
    ['ledger', `urn:conformance-${run}:ledger`],
  ]);

/** One after the other, and never as the default: what others register meanwhile may be that. */
async function registerResources(
  command: CountersignCommand,
  resources: ReadonlyMap<ResourceName, string>,
  removals: Removals,
): Promise<void> {
  for (const [name, uri] of resources) {
    const { scope, tokenLifetime } = resourcePlans[name];
    removals.push(['resource', 'delete', uri, '--force', '--yes']);
    const create = ['resource', 'create', uri, '--scope', scope, '--no-default'];
    await command([...create, ...lifetimeOption(tokenLifetime)]);
  }
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

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
