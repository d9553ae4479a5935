import { isDeepStrictEqual } from 'node:util';
import type { ChangedBy } from '../aws/changed-by.ts';
import type { Item } from '../aws/item.ts';
import { keyRingKey } from '../aws/key-ring-item.ts';
import { registryKey } from '../aws/registry-items.ts';
import { changedFields, type Difference } from './changed-fields.ts';
import { type SubjectKind, shownMembers } from './shown-members.ts';
import type { StreamRecord } from './stream-record.ts';

/** One change of the registry, as the log tells it. */
export interface RegistryChange extends Difference {
  readonly subject: SubjectKind;
  /** A client_id, or the identifier of a resource server; of what there is one, its name in the table. */
  readonly id: string;
  readonly action: 'created' | 'changed' | 'deleted';
  /** NumericDate, by DynamoDB. */
  readonly time: number;
  /** The same for the same change; it grows with the changes of an item. */
  readonly sequence: string;
  /** Absent, with `tool`: something else than Countersign has made it. */
  readonly identity?: string | undefined;
  readonly tool?: string | undefined;
}

/** What a record of the stream tells; undefined: that an item is about to be deleted, which the next one tells. */
export async function registryChange(record: StreamRecord): Promise<RegistryChange | undefined> {
  const { pk, time, sequence, before, after } = record;
  const { subject, id } = subjectOf(pk);
  if (isAnnouncement(record)) return undefined;
  const difference = await changedFields(before ?? {}, after ?? {}, shownMembers[subject]);
  const { identity, tool } = authorOf(record) ?? {};
  return { time, subject, id, action: actionOf(record), ...difference, identity, tool, sequence };
}

const kinds = [
  ['client', registryKey.client('').pk],
  ['resource_server', registryKey.resourceServer('').pk],
] as const;

function subjectOf(pk: string): Pick<RegistryChange, 'subject' | 'id'> {
  for (const [subject, prefix] of kinds) {
    if (pk.startsWith(prefix)) return { subject, id: pk.slice(prefix.length) };
  }
  if (pk === keyRingKey.pk) return { subject: 'key_ring', id: pk };
  const isDefault = pk === registryKey.defaultResourceServer().pk;
  return { subject: isDefault ? 'default_resource_server' : 'other', id: pk };
}

function actionOf({ before, after }: StreamRecord): RegistryChange['action'] {
  if (!before) return 'created';
  return after ? 'changed' : 'deleted';
}

/**
 * Who made it, as the write itself says. One that an item had before says nothing of this write: whoever changes an
 * item in the console leaves it there.
 */
function authorOf({ before, after }: StreamRecord): ChangedBy | undefined {
  const [old, stamp] = [stampOf(before), stampOf(after)];
  if (!after) return old?.deletes ? old : undefined;
  return stamp?.change === old?.change ? undefined : stamp;
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 2048;

function stampOf(item: Item | undefined): ChangedBy | undefined {
  const { identity, tool, change, deletes } = { ...(item?.changed_by as Partial<ChangedBy>) };
  if (!isText(identity) || !isText(tool) || !isText(change)) return undefined;
  return { identity, tool, change, ...(deletes === true && { deletes }) };
}

/** Nothing but the stamp has changed, and that says what comes next. */
function isAnnouncement({ before, after }: StreamRecord): boolean {
  if (!before || !after || !stampOf(after)?.deletes) return false;
  const { changed_by: _, ...was } = before;
  const { changed_by: __, ...is } = after;
  return isDeepStrictEqual(was, is);
}
