import * as v from 'valibot';
import { historyService } from '../../functions/history/change-line.ts';
import type { RegistryChange } from '../../functions/history/registry-change.ts';

/** Which changes are wanted. */
export interface ChangesWanted {
  /** A client_id or the identifier of a resource server; absent: all. */
  readonly id: string | undefined;
  /** NumericDate. */
  readonly since: number;
  readonly limit: number;
}

/** The changes that were found. */
export interface RecordedChanges {
  /** The newest first. */
  readonly changes: readonly RegistryChange[];
  /** There are older ones, which the limit leaves out. */
  readonly more: boolean;
  /** Changes of which nothing could be read. */
  readonly unreadable: number;
}

const lineSchema = v.looseObject({ service: v.literal(historyService), change: v.unknown() });

// What a later release may have added is not shown.
const changeSchema: v.GenericSchema<unknown, RegistryChange> = v.object({
  subject: v.picklist([
    'client',
    'resource_server',
    'default_resource_server',
    'key_ring',
    'other',
  ]),
  id: v.string(),
  action: v.picklist(['created', 'changed', 'deleted']),
  time: v.number(),
  sequence: v.string(),
  identity: v.optional(v.string()),
  tool: v.optional(v.string()),
  fields: v.array(
    v.object({
      name: v.string(),
      before: v.optional(v.unknown()),
      after: v.optional(v.unknown()),
    }),
  ),
  untold: v.array(v.string()),
});

/** Finds changes in the lines of a log, whatever else is in it. A change may be there twice: it is shown once. */
export async function recordedChanges(
  lines: AsyncIterable<string>,
  { id, since, limit }: ChangesWanted,
): Promise<RecordedChanges> {
  const found = new Map<string, RegistryChange>();
  let unreadable = 0;
  for await (const line of lines) {
    const told = changeIn(line);
    if (told === 'unreadable') unreadable += 1;
    else if (told && told.time >= since && (id === undefined || told.id === id)) {
      found.set(told.sequence, told);
    }
  }
  const newest = [...found.values()].toSorted(byAge);
  return { changes: newest.slice(0, limit), more: newest.length > limit, unreadable };
}

function changeIn(line: string): RegistryChange | 'unreadable' | undefined {
  const said = v.safeParse(lineSchema, parsed(line));
  if (!said.success) return undefined;
  const change = v.safeParse(changeSchema, said.output.change);
  return change.success ? change.output : 'unreadable';
}

/** A line of the local log begins with the name of its function. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line.slice(line.indexOf('{')));
  } catch {
    return undefined;
  }
}

/** Numbers of a stream may differ in length. */
const byAge = (one: RegistryChange, other: RegistryChange): number =>
  other.time - one.time || (padded(other.sequence) < padded(one.sequence) ? -1 : 1);

const padded = (sequence: string): string => sequence.padStart(60, '0');
