import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import type { WhoActs } from '../../functions/aws/changed-by.ts';
import { keyRingKey, parseKeyRing } from '../../functions/aws/key-ring-item.ts';
import { taggedKeys } from '../../functions/aws/tagged-keys.ts';
import type { KeyRing } from '../../functions/oauth/key-ring.ts';
import type { Backup, WireItem } from '../../registry/backup/backup-file.ts';
import { type Contents, readContents } from '../../registry/backup/contents.ts';
import { itemsOf } from '../command/whole-table.ts';
import { CliError } from '../io/cli-error.ts';
import { findTable, tableSteps } from './registry-table.ts';
import { keyNotes, keySteps, type StandingKey, standingsOf, usableKeys } from './ring-keys.ts';
import type { Step } from './step.ts';
import { restoreSteps, storedItem } from './table-items.ts';

/** The services in which a table is adopted. */
export interface Services {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
}

/** What is wanted. */
export interface Wishes {
  readonly table: string;
  /** What is to be written into the table; absent: it has what it needs. */
  readonly backup?: Backup | undefined;
  readonly cancelDeletion: boolean;
  /** Who writes the items of a backup. */
  readonly whoActs: WhoActs;
  /** Checks that nobody else uses the table, or the keys that have these tags. */
  readonly checkUnused: (registries: readonly string[]) => void;
}

/** What was found, and what is to be done. */
export interface Plan {
  readonly contents: Contents;
  readonly keys: readonly StandingKey[];
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  /** Ids of the keys whose policies the new key rotation has to put anew. */
  readonly adoptedKeys: readonly string[];
}

/**
 * Looks at a registry and its keys, and plans what a deployment on it needs. It changes nothing.
 * @throws CliError when it cannot be adopted
 */
export async function planAdoption(services: Services, wishes: Wishes): Promise<Plan> {
  const { dynamodb, kms } = services;
  const { table, backup, cancelDeletion, whoActs } = wishes;
  const found = await findTable(dynamodb, table);
  const present = found && (await itemsOf(dynamodb, table));
  const items = backup?.items ?? present;
  if (!items) throw noTable(table);
  const { ring, contents } = readItems(table, items);
  const keys = await standingsOf(kms, ring);
  const registries = [...new Set(keys.flatMap(({ registry }) => registry ?? []))];
  wishes.checkUnused(registries);
  const keyWishes = { kms, registry: table, cancelDeletion };
  const restore = backup && restoreSteps(dynamodb, table, { ...backup, present, whoActs });
  return {
    contents,
    keys,
    steps: [
      ...(restore?.make ?? []),
      ...(await tableSteps(dynamodb, table, found)),
      // Behind the stream, by which they are recorded.
      ...(restore?.write ?? []),
      ...keySteps(keys, keyWishes),
    ],
    notes: [
      ...contents.unreadable.map((sentence) => `No function can read this: ${sentence}.`),
      ...keyNotes(keys, keyWishes),
      ...(await leftBehind(
        services,
        ring,
        registries.filter((name) => name !== table),
      )),
    ],
    adoptedKeys: usableKeys(keys, keyWishes).map(({ key }) => key.key_id),
  };
}

const noTable = (table: string) =>
  new CliError(
    `there is no table ${table} here: look at its name and the region, or restore a backup into it with --from`,
    1,
    { code: 'not_found' },
  );

function readItems(
  table: string,
  items: readonly WireItem[],
): { readonly ring: KeyRing; readonly contents: Contents } {
  const stored = items.map(storedItem);
  const ring = stored.find(({ pk }) => pk === keyRingKey.pk);
  if (!ring) {
    const sentence = `the table ${table} is no registry, or an empty one: it has no key ring`;
    throw new CliError(sentence, 1, { code: 'refused' });
  }
  return {
    ring: parseKeyRing(ring),
    contents: readContents(stored.filter((item) => item !== ring)),
  };
}

/** Keys that were made after the table was as it is now: no ring will have them. */
async function leftBehind(
  { tagging }: Services,
  { keys }: KeyRing,
  registries: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(keys.map(({ key_id }) => key_id));
  const tagged = await Promise.all(registries.map((name) => taggedKeys(tagging, name)));
  return tagged
    .flat()
    .filter(({ key_id, alg }) => alg !== '' && !known.has(key_id))
    .map(
      ({ key_id }) =>
        `The KMS key ${key_id} was made later than what the table has, and is in no key ring: tokens that it signed are refused. Have it deleted, unless another deployment uses it.`,
    );
}
