import type { Declaration, DeclaredClient } from '../declared/declaration.ts';
import { readDeclaration } from '../declared/read-declaration.ts';
import { type DraftRules, draftsOf, type ImportNote } from './drafts.ts';
import type { ImportProblem, Reading } from './reading.ts';
import { serversOf } from './servers.ts';
import { inPlaces } from './told-problems.ts';

/** How a reading becomes records of ours. */
export interface TranslationRules extends DraftRules {
  /** The deployment's. */
  readonly issuer: string;
}

/** A reading as records that keep every rule of the registry. */
export interface Translation {
  readonly declaration: Declaration;
  readonly notes: readonly ImportNote[];
  readonly problems: readonly ImportProblem[];
  /** client_id or resource server -> where it was read. */
  readonly places: ReadonlyMap<string, string>;
}

/** Makes records of ours of a reading. One that breaks a rule is a problem, and the others are made all the same. */
export async function translate(reading: Reading, rules: TranslationRules): Promise<Translation> {
  const { drafts, problems } = draftsOf(reading.clients, rules);
  const written = { clients: drafts.map(({ record }) => record) };
  const read = await readDeclaration(written, rules.issuer);
  const draftBy = new Map(drafts.map((draft) => [draft.id, draft]));
  const clients = read.declaration.clients.map((client): DeclaredClient => {
    const secrets = draftBy.get(client.client_id)?.secrets ?? [];
    return secrets.length === 0 ? client : { ...client, secrets };
  });
  const servers = await serversOf(reading.servers, clients, rules);
  const notes = clients.flatMap(({ client_id }) => draftBy.get(client_id)?.notes ?? []);
  return {
    declaration: { resource_servers: servers.records, clients },
    notes: [...servers.notes, ...notes],
    problems: [...problems, ...inPlaces(read.problems, drafts), ...servers.problems],
    places: new Map([...servers.places, ...drafts.map(({ id, place }) => [id, place] as const)]),
  };
}
