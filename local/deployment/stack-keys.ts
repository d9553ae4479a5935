import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KMS, NotFoundException } from '@aws-sdk/client-kms';
import { localAccount } from '../account/local-account.ts';
import type { KeyDefinition } from '../template/keys.ts';

/** The file of the state directory that remembers the KMS keys of stacks. */
export const stackKeysFile = 'stack-keys.json';

/** Ids of KMS keys, by their place. */
type KeyIds = Readonly<Record<string, string>>;

/** Where keys are made, and where it is remembered which. */
interface Surroundings {
  /** The endpoint of KMS. */
  readonly kms: string;
  /** The state directory. */
  readonly directory: string;
}

/**
 * Makes the KMS keys that are not there yet, and leaves the others as they are. One that is in no
 * template any more is kept, for what it encrypted may still be there.
 * @returns the ids of the keys, by their place
 * @throws Error when the file that remembers them is not one that we wrote
 */
export async function provideKeys(
  keys: readonly KeyDefinition[],
  { kms: endpoint, directory }: Surroundings,
): Promise<ReadonlyMap<string, string>> {
  const kms = new KMS({ ...localAccount, endpoint });
  try {
    let ids = await readKeyIds(directory);
    for (const key of keys) {
      if (await isThere(kms, ids[key.path])) continue;
      ids = { ...ids, [key.path]: await make(kms, key) };
      await writeKeyIds(directory, ids);
    }
    return new Map(Object.entries(ids));
  } finally {
    kms.destroy();
  }
}

async function isThere(kms: KMS, KeyId: string | undefined): Promise<boolean> {
  if (!KeyId) return false;
  try {
    return Boolean(await kms.describeKey({ KeyId }));
  } catch (error) {
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}

async function make(kms: KMS, { description, tags }: KeyDefinition): Promise<string> {
  const { KeyMetadata } = await kms.createKey({ Description: description, Tags: [...tags] });
  return String(KeyMetadata?.KeyId);
}

async function readKeyIds(directory: string): Promise<KeyIds> {
  const path = join(directory, stackKeysFile);
  const file = await readFile(path, 'utf8').catch(() => '{}');
  try {
    return JSON.parse(file);
  } catch (cause) {
    throw new Error(`${path} does not list keys; npm start -- --fresh starts anew`, { cause });
  }
}

async function writeKeyIds(directory: string, ids: KeyIds): Promise<void> {
  const path = join(directory, stackKeysFile);
  await writeFile(`${path}.new`, `${JSON.stringify(ids, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
