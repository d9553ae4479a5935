import type { Change } from '../declared/change.ts';
import type {
  Declaration,
  DeclaredClient,
  DeclaredResourceServer,
} from '../declared/declaration.ts';
import { declaredResourceServer } from '../declared/normal-form.ts';
import { planChanges } from '../declared/plan.ts';
import type { Problem } from '../declared/problem.ts';
import { defaultResource } from '../default-resource.ts';
import type { Registry } from '../registry.ts';
import { listResourceServers } from '../resource-servers.ts';
import type { ImportNote } from './drafts.ts';
import type { ImportProblem, LeftOut, Placed, Reading } from './reading.ts';
import { type Translation, type TranslationRules, translate } from './translation.ts';

/** How an import is planned. */
export interface ImportRules extends Omit<TranslationRules, 'now'> {
  /** Whether clients that are registered already become as the other system has them. */
  readonly updates: boolean;
  /** What else the deployment has against records, at paths by their ids. @default nothing */
  readonly refusals?: ((declaration: Declaration) => readonly Problem[]) | undefined;
}

/** What an import does, and what it does not. */
export interface ImportPlan {
  /** Resource servers first. */
  readonly changes: readonly Change[];
  /** Clients that are registered in another way, and stay so. */
  readonly kept: readonly Change[];
  /** How many records are as they are to be. */
  readonly unchanged: number;
  readonly notes: readonly ImportNote[];
  readonly leftOut: readonly Placed<LeftOut>[];
  readonly problems: readonly ImportProblem[];
}

/** Compares a reading with the registry. Nothing that is registered loses anything by it, but for `updates`. */
export async function planImport(
  registry: Registry,
  reading: Reading,
  rules: ImportRules,
): Promise<ImportPlan> {
  const translation = await translate(reading, {
    ...rules,
    defaultResource: rules.defaultResource ?? (await defaultResource(registry)),
    now: registry.now(),
  });
  const { declaration, places } = translation;
  const refusals = rules.refusals?.(declaration) ?? [];
  const wanted = {
    resource_servers: await extended(registry, declaration.resource_servers),
    clients: without(declaration.clients, refusals),
  };
  const plan = await planChanges(registry, wanted, { prune: false });
  const isKept = (change: Change) => !rules.updates && isOtherwise(change);
  const refused = [...refusals, ...plan.problems].map((problem) => inPlace(problem, places));
  const kept = plan.changes.filter(isKept);
  return {
    changes: plan.changes.filter((change) => !isKept(change)),
    kept,
    unchanged: plan.unchanged,
    notes: notesOf(translation, [...refused, ...kept]),
    leftOut: reading.leftOut,
    problems: [...reading.problems, ...translation.problems, ...refused].toSorted(byPlace),
  };
}

function without(
  clients: readonly DeclaredClient[],
  problems: readonly Problem[],
): readonly DeclaredClient[] {
  const refused = new Set(problems.map(({ path: [, id] }) => id));
  return clients.filter(({ client_id }) => !refused.has(client_id));
}

/** What is registered stays; scopes may come in addition. */
async function extended(
  registry: Registry,
  servers: readonly DeclaredResourceServer[],
): Promise<readonly DeclaredResourceServer[]> {
  if (servers.length === 0) return servers;
  const registered = new Map(
    (await listResourceServers(registry)).map((server) => [server.resource, server]),
  );
  return servers.map((server) => {
    const present = registered.get(server.resource);
    if (!present) return server;
    const scopes = new Set([...present.scope, ...server.scope.split(' ')].filter(Boolean));
    return { ...declaredResourceServer(present), scope: [...scopes].sort().join(' ') };
  });
}

/** The half of a change that was interrupted is done, whoever had it done. */
const isOtherwise = ({ kind, action, fields }: Change): boolean =>
  kind === 'client' && action === 'update' && fields.some(({ name }) => name !== 'tokens');

function inPlace(
  { path: [, id, ...members], sentence }: Problem,
  places: Translation['places'],
): ImportProblem {
  const named = String(id);
  return {
    place: places.get(named) ?? named,
    id: named,
    sentence: [...members.slice(0, 1), sentence].join(': '),
  };
}

/** Of records that are imported alone. */
function notesOf(
  { notes }: Translation,
  others: readonly { readonly id?: string | undefined }[],
): readonly ImportNote[] {
  const ids = new Set(others.map(({ id }) => id));
  return notes.filter(({ id }) => !ids.has(id));
}

const order = new Intl.Collator('en', { numeric: true });

const byPlace = (a: ImportProblem, b: ImportProblem): number => order.compare(a.place, b.place);
