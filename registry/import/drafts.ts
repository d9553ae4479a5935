import { authMethods, type ClientSecret } from '../../functions/oauth/client.ts';
import { isSameResource } from '../../functions/oauth/resource-server.ts';
import { isSecretMethod } from '../client-authentication.ts';
import type { JsonObject } from '../json-input.ts';
import { type AudienceNames, grantsByResource, resourceOf } from './audiences.ts';
import { fittedLifetime, fittedName } from './fitting.ts';
import { type ForeignClient, type ImportProblem, type Placed, Unreadable } from './reading.ts';
import { importedSecret, type SecretRules } from './secrets.ts';

/** How a foreign client becomes one of ours. */
export type DraftRules = AudienceNames & SecretRules;

/** What somebody should know of a record that is imported. */
export interface ImportNote {
  readonly place: string;
  readonly id: string;
  readonly sentence: string;
}

/** A foreign client in the words of a declared one, before it is held against the rules of the registry. */
export interface Draft {
  readonly place: string;
  readonly id: string;
  readonly record: JsonObject;
  readonly secrets: readonly ClientSecret[];
  readonly notes: readonly ImportNote[];
}

/** Drafts the clients that can be, each for itself. A second one of the same client_id is a problem. */
export function draftsOf(
  clients: readonly Placed<ForeignClient>[],
  rules: DraftRules,
): { readonly drafts: readonly Draft[]; readonly problems: readonly ImportProblem[] } {
  const first = new Map<string, string>();
  const drafts: Draft[] = [];
  const problems: ImportProblem[] = [];
  for (const client of clients) {
    const { place, client_id: id } = client;
    try {
      const before = first.get(id);
      if (before !== undefined)
        throw new Unreadable(`client_id: it is there already, at ${before}`);
      first.set(id, place);
      drafts.push(draftOf(client, rules));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push({ place, id, sentence: error.message });
    }
  }
  return { drafts, problems };
}

function draftOf(client: Placed<ForeignClient>, rules: DraftRules): Draft {
  const { client_id: id, place, members } = client;
  const grants = grantsByResource(client.grants, rules);
  const fitted = fittedMembers(members);
  const notes = [
    ...client.notes,
    ...fitted.notes,
    ...renamed(client, rules),
    ...secretNotes(client),
    ...ambiguity([...grants.keys()]),
  ];
  return {
    place,
    id,
    record: {
      client_id: id,
      ...fitted.members,
      grants: Object.fromEntries([...grants].map(([name, scopes]) => [name, scopes.join(' ')])),
    },
    secrets: client.secrets.map((secret) => importedSecret(secret, client, rules)),
    notes: notes.map((sentence) => ({ place, id, sentence })),
  };
}

/** Members that fit, and without those that say nothing. */
function fittedMembers(members: JsonObject): {
  readonly members: JsonObject;
  readonly notes: readonly string[];
} {
  const { client_name: name, access_token_lifetime: seconds, ...others } = members;
  const fits = {
    client_name: typeof name === 'string' ? fittedName(name) : { value: name },
    access_token_lifetime:
      typeof seconds === 'number' ? fittedLifetime(seconds) : { value: seconds },
  };
  const all = Object.entries({
    ...others,
    client_name: fits.client_name.value,
    access_token_lifetime: fits.access_token_lifetime.value,
  });
  return {
    members: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
    notes: Object.values(fits).flatMap((fit) => ('note' in fit && fit.note) || []),
  };
}

/** RFC 9068 §3: a token of ours is for one resource server. */
function ambiguity(resources: readonly string[]): readonly string[] {
  if (resources.length === 0) return ['it has no grant, and gets no token until it has one'];
  if (resources.length === 1) return [];
  return [
    `it has grants at ${resources.join(' and ')}: a request whose scope does not tell which is meant must name one, as resource or audience`,
  ];
}

/** A client that names an audience in its requests has to name it as it is called here. */
const renamed = (
  { namesAudiences = false, grants }: ForeignClient,
  names: AudienceNames,
): readonly string[] =>
  grants.flatMap(({ audience }) => {
    if (!namesAudiences || audience === undefined) return [];
    const resource = resourceOf(audience, names);
    if (isSameResource(resource, audience)) return [];
    return [`the audience ${audience} is ${resource} here: a request that names it has to change`];
  });

/** @throws Unreadable when a client has a secret that its method does not use */
function secretNotes({ members, secrets }: ForeignClient): readonly string[] {
  const method = members.token_endpoint_auth_method ?? 'client_secret_basic';
  const usesSecret = secretMethods.has(method);
  if (secrets.length > 0 && !usesSecret && knownMethods.has(method)) {
    throw new Unreadable(`client_secret: a client of ${method} has none`);
  }
  return usesSecret && secrets.length === 0
    ? ['it has no secret, and gets no token until it has one']
    : [];
}

const knownMethods: ReadonlySet<unknown> = new Set(authMethods);
const secretMethods: ReadonlySet<unknown> = new Set(authMethods.filter(isSecretMethod));
