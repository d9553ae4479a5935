import { resourcesNamed } from '../../functions/oauth/resource-server.ts';
import { formatScope, type Scope } from '../../functions/oauth/scope.ts';
import type { DeclaredClient } from './declaration.ts';
import { normalClient } from './normal-form.ts';
import { type Path, type Problem, problem } from './problem.ts';
import type { Read } from './read-client.ts';
import { scopeOf } from './registered-form.ts';

/** The resource servers that there will be, with what may be granted there. */
export type KnownServers = ReadonlyMap<string, Scope>;

/** The one of these identifiers that another names, however it is written; else what is wrong with it. */
export function resolveResource(
  named: string,
  known: ReadonlyMap<string, unknown>,
): { readonly resource: string } | { readonly sentence: string } {
  if (known.has(named)) return { resource: named };
  const [resource, ...others] = resourcesNamed(named, known.keys());
  if (resource === undefined) return { sentence: `there is no resource server ${named}` };
  if (others.length === 0) return { resource };
  const all = [resource, ...others].join(' and ');
  return { sentence: `${named} may be ${all}: write the one that is meant to the letter` };
}

/** A client whose resource servers are named as they are registered. */
export function resolveClient(
  client: DeclaredClient,
  path: Path,
  known: KnownServers,
): Read<DeclaredClient> {
  const grants = Object.entries(client.grants ?? {}).map(([named, scope]) =>
    resolveGrant(named, scope, [...path, 'grants', named], known),
  );
  const introspects = (client.introspection_resources ?? []).map((named) => {
    const found = resolveResource(named, known);
    if ('resource' in found) return found;
    return { problem: problem([...path, 'introspection_resources'], found.sentence) };
  });
  const problems = [...grants, ...introspects].flatMap((found) =>
    'problem' in found ? [found.problem] : [],
  );
  if (problems.length > 0) return { problems };
  return {
    record: normalClient({
      ...client,
      grants: Object.fromEntries(
        grants.flatMap((found) => ('grant' in found ? [found.grant] : [])),
      ),
      introspection_resources: introspects.flatMap((found) =>
        'resource' in found ? [found.resource] : [],
      ),
    }),
  };
}

function resolveGrant(
  named: string,
  scope: string,
  path: Path,
  known: KnownServers,
): { readonly grant: readonly [string, string] } | { readonly problem: Problem } {
  const found = resolveResource(named, known);
  if ('sentence' in found) return { problem: problem(path, found.sentence) };
  const { resource } = found;
  const has = known.get(resource) ?? new Set();
  const unknown = scopeOf(scope).difference(has);
  if (unknown.size === 0) return { grant: [resource, scope] };
  const sentence = `${resource} has no scope ${formatScope(unknown)}; it has ${formatScope(has)}`;
  return { problem: problem(path, sentence) };
}
