import type { DeclaredClient, DeclaredResourceServer } from '../declared/declaration.ts';
import { readDeclaration } from '../declared/read-declaration.ts';
import type { JsonObject } from '../json-input.ts';
import { type AudienceNames, resourceOf } from './audiences.ts';
import type { ImportNote } from './drafts.ts';
import { fittedLifetime } from './fitting.ts';
import type { ForeignResourceServer, ImportProblem, Placed } from './reading.ts';
import { inPlaces } from './told-problems.ts';

interface Servers {
  readonly records: readonly DeclaredResourceServer[];
  readonly notes: readonly ImportNote[];
  readonly problems: readonly ImportProblem[];
  /** Resource server -> where it was read. */
  readonly places: ReadonlyMap<string, string>;
}

/**
 * The resource servers that a reading has, and those that its clients have grants for: with the scopes that these
 * have there, for many a system knows audiences of clients alone. Several audiences may be one.
 */
export async function serversOf(
  foreign: readonly Placed<ForeignResourceServer>[],
  clients: readonly DeclaredClient[],
  rules: AudienceNames & { readonly issuer: string },
): Promise<Servers> {
  const named = Map.groupBy(foreign, ({ audience }) => resourceOf(audience, rules));
  const said = [...named].map(([resource, all]) => merged(resource, all));
  const drafts = [...said, ...grantedOf(clients).filter(({ id }) => !named.has(id))];
  const written = { resource_servers: drafts.map(({ record }) => record) };
  const { declaration, problems } = await readDeclaration(written, rules.issuer);
  return {
    records: declaration.resource_servers,
    notes: drafts.flatMap(({ place, id, notes }) =>
      notes.map((sentence) => ({ place, id, sentence })),
    ),
    problems: inPlaces(problems, drafts),
    places: new Map(drafts.map(({ id, place }) => [id, place])),
  };
}

/** A resource server before it is held against the rules of the registry. */
interface ServerDraft {
  readonly place: string;
  readonly id: string;
  readonly record: JsonObject;
  readonly notes: readonly string[];
}

function merged(id: string, all: readonly Placed<ForeignResourceServer>[]): ServerDraft {
  const scopes = new Set(all.flatMap((server) => server.scopes));
  const lifetime = all.find((server) => server.access_token_lifetime)?.access_token_lifetime;
  const { value, note } = lifetime === undefined ? noLifetime : fittedLifetime(lifetime);
  const record = {
    ...Object.assign({}, ...all.map(({ members }) => members)),
    resource: id,
    scope: [...scopes].join(' '),
    ...(value !== undefined && { access_token_lifetime: value }),
  };
  return { place: all[0]?.place ?? '', id, record, notes: note === undefined ? [] : [note] };
}

const noLifetime = { value: undefined, note: undefined };

/** The resource servers of grants, with all that is granted there. */
function grantedOf(clients: readonly DeclaredClient[]): readonly ServerDraft[] {
  const grants = clients.flatMap(({ grants: ofClient = {} }) => Object.entries(ofClient));
  return [...Map.groupBy(grants, ([resource]) => resource)].map(([id, all]) => {
    const scopes = new Set(all.flatMap(([, scope]) => scope.split(' ')));
    const record = { resource: id, scope: [...scopes].join(' ').trim() };
    return { place: 'the grants of clients', id, record, notes: [] };
  });
}
