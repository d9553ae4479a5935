import { parseClient, parseResourceServer } from '../../functions/aws/registry-items.ts';
import type { Registry } from '../registry.ts';
import { RegistryError } from '../registry-error.ts';
import type { StoredItem } from '../registry-store.ts';
import type { Change } from './change.ts';
import type { Declaration, DeclaredClient, DeclaredResourceServer } from './declaration.ts';
import { type Ownership, ownerOf, ownershipProblem } from './ownership.ts';
import { type Kept, planDeletions } from './planned-deletions.ts';
import { type Path, type Problem, problem } from './problem.ts';
import { clientChange, lacksSecret, resourceServerChange } from './record-changes.ts';
import { clientAsDeclared, scopeOf } from './registered-form.ts';
import { type KnownServers, resolveClient, resolveResource } from './resolution.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';

/** What is to be done, in an order in which each can be done. */
export interface Plan {
  readonly changes: readonly Change[];
  /** How many records are as declared. */
  readonly unchanged: number;
  /** Of declared records that cannot be had beside what is registered; they are left out. */
  readonly problems: readonly Problem[];
  readonly kept: readonly Kept[];
  /** Clients that have no secret then, though they authenticate by one, and nobody makes them one. */
  readonly withoutSecret: readonly string[];
}

/** How a plan is made. */
export interface PlanOptions extends Ownership {
  /** Whether what is not declared is deleted. Nothing is, while there are problems. */
  readonly prune: boolean;
}

/** Compares the registry, as it is now, with what is declared in normal form. */
export async function planChanges(
  registry: Registry,
  declaration: Declaration,
  options: PlanOptions,
): Promise<Plan> {
  const snapshot = await readSnapshot(registry, declaration, options.prune);
  const resources = declaration.resource_servers.map((server) =>
    planResourceServer(server, snapshot, options),
  );
  const known = serversToBe(snapshot, declaration, options);
  const now = registry.now();
  const clients = declaration.clients.map((client) =>
    planClient(client, { snapshot, known, options, now }),
  );
  const outcomes = [...resources, ...clients];
  const problems = outcomes.flatMap((outcome) => outcome.problems ?? []);
  const changes = outcomes.flatMap((outcome) => outcome.change ?? []);
  const isPruned = options.prune && problems.length === 0;
  const deletions = isPruned
    ? planDeletions(snapshot, declaredIds(snapshot, declaration))
    : { changes: [], kept: [] };
  return {
    changes: [...changes, ...deletions.changes],
    unchanged: outcomes.filter(({ change, problems }) => !change && !problems).length,
    problems,
    kept: deletions.kept,
    withoutSecret: outcomes.flatMap((outcome) => outcome.withoutSecret ?? []),
  };
}

/** What comes of a declared record; neither: it is as declared. */
interface Outcome {
  readonly change?: Change | undefined;
  readonly problems?: readonly Problem[];
  readonly withoutSecret?: readonly string[];
}

function planResourceServer(
  declared: DeclaredResourceServer,
  { resource_servers }: Snapshot,
  options: PlanOptions,
): Outcome {
  const path = ['resource_servers', declared.resource];
  const server = asRegistered(declared, resource_servers);
  const item = resource_servers.get(server.resource);
  return permitted(resourceServerChange(server, item, options), { path, item, options });
}

interface ClientSurroundings {
  readonly snapshot: Snapshot;
  readonly known: KnownServers;
  readonly options: PlanOptions;
  readonly now: number;
}

function planClient(
  declared: DeclaredClient,
  { snapshot, known, options, now }: ClientSurroundings,
): Outcome {
  const path = ['clients', declared.client_id];
  const resolved = resolveClient(declared, path, known);
  if ('problems' in resolved) return resolved;
  const item = snapshot.clients.get(declared.client_id);
  try {
    const client = resolved.record;
    const change = clientChange(client, item, options, now);
    const after = clientAsDeclared(client, item && parseClient(item), now);
    const withoutSecret = !client.secret && lacksSecret(after, now) ? [client.client_id] : [];
    return { ...permitted(change, { path, item, options }), withoutSecret };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { problems: [problem(path, error.message)] };
  }
}

function permitted(
  change: Change | undefined,
  {
    path,
    item,
    options,
  }: { readonly path: Path; readonly item: StoredItem | undefined; readonly options: PlanOptions },
): Outcome {
  const sentence = change && item && ownershipProblem(item, options);
  return sentence === undefined ? { change } : { problems: [problem(path, sentence)] };
}

/** One that is registered in another spelling of the same identifier keeps that. */
function asRegistered(
  server: DeclaredResourceServer,
  registered: Snapshot['resource_servers'],
): DeclaredResourceServer {
  const found = resolveResource(server.resource, registered);
  return 'resource' in found ? { ...server, resource: found.resource } : server;
}

function serversToBe(
  { resource_servers }: Snapshot,
  declaration: Declaration,
  { prune }: PlanOptions,
): KnownServers {
  const staying = [...resource_servers].filter(([, item]) => !prune || ownerOf(item) !== undefined);
  const today = staying.map(([id, item]) => [id, parseResourceServer(item).scope] as const);
  const declared = declaration.resource_servers.map((server) => {
    const { resource, scope } = asRegistered(server, resource_servers);
    return [resource, scopeOf(scope)] as const;
  });
  return new Map([...today, ...declared]);
}

const declaredIds = (snapshot: Snapshot, { clients, resource_servers }: Declaration) => ({
  clients: new Set(clients.map(({ client_id }) => client_id)),
  resource_servers: new Set(
    resource_servers.map((server) => asRegistered(server, snapshot.resource_servers).resource),
  ),
});
