import { comparableResource } from '../../functions/oauth/resource-server.ts';
import { checkClaims } from '../claims.ts';
import { isObject } from '../json-input.ts';
import { parseResource } from '../rules.ts';
import type { Declaration, DeclaredResourceServer } from './declaration.ts';
import { resourceServerMembers } from './members.ts';
import { normalResourceServer } from './normal-form.ts';
import { type Path, type Problem, placeOf, problem } from './problem.ts';
import { type Read, readClient } from './read-client.ts';
import { recordProblems, unknownMembers } from './read-record.ts';
import { refusal } from './values.ts';

/** What was read, in its normal form, and what could not be. */
export interface ReadDeclaration {
  /** Without the records that are wrong. */
  readonly declaration: Declaration;
  readonly problems: readonly Problem[];
}

const listNames = ['resource_servers', 'clients'] as const;

/**
 * Reads clients and resource servers that somebody wrote. A record that breaks a rule of the registry is left out,
 * with all that is wrong with it.
 * @param issuer the deployment's
 */
export async function readDeclaration(value: unknown, issuer: string): Promise<ReadDeclaration> {
  const nothing = { resource_servers: [], clients: [] };
  if (!isObject(value)) {
    const sentence = 'must be an object with clients, resource_servers or both';
    return { declaration: nothing, problems: [problem([], sentence)] };
  }
  const servers = await readList(value.resource_servers, 'resource_servers', readResourceServer);
  const clients = await readList(value.clients, 'clients', (written, path) =>
    readClient(written, path, { issuer }),
  );
  const onceServers = onceEach(servers.records, ({ resource }) => comparableResource(resource));
  const onceClients = onceEach(clients.records, ({ client_id }) => client_id);
  return {
    declaration: { resource_servers: onceServers.records, clients: onceClients.records },
    problems: [
      ...unknownMembers(value, [], ['$schema', ...listNames]),
      ...servers.problems,
      ...onceServers.problems,
      ...clients.problems,
      ...onceClients.problems,
    ],
  };
}

function readResourceServer(value: unknown, path: Path): Read<DeclaredResourceServer> {
  const problems = recordProblems(value, path, resourceServerMembers);
  if (problems.length > 0) return { problems };
  // Each member has been looked at.
  const written = value as DeclaredResourceServer;
  const sentence = written.claims && refusal(() => checkClaims(written.claims));
  if (sentence !== undefined) return { problems: [problem([...path, 'claims'], sentence)] };
  return {
    record: normalResourceServer({ ...written, resource: parseResource(written.resource) }),
  };
}

/** A record, and where it stood. */
interface Placed<Record> {
  readonly record: Record;
  readonly path: Path;
}

async function readList<Record>(
  value: unknown,
  name: string,
  read: (written: unknown, path: Path) => Promise<Read<Record>> | Read<Record>,
): Promise<{ readonly records: readonly Placed<Record>[]; readonly problems: readonly Problem[] }> {
  if (value === undefined) return { records: [], problems: [] };
  if (!Array.isArray(value)) return { records: [], problems: [problem([name], 'must be a list')] };
  const records: Placed<Record>[] = [];
  const problems: Problem[] = [];
  for (const [index, written] of value.entries()) {
    const path = [name, index];
    const result = await read(written, path);
    if ('record' in result) records.push({ record: result.record, path });
    else problems.push(...result.problems);
  }
  return { records, problems };
}

/** Of two records of one thing neither can be meant: the second is left out, and told. */
function onceEach<Record>(records: readonly Placed<Record>[], idOf: (record: Record) => string) {
  const first = new Map<string, Placed<Record>>();
  const problems: Problem[] = [];
  for (const placed of records) {
    const id = idOf(placed.record);
    const before = first.get(id);
    if (before) problems.push(problem(placed.path, `is there already, as ${placeOf(before.path)}`));
    else first.set(id, placed);
  }
  return { records: [...first.values()].map(({ record }) => record), problems };
}
