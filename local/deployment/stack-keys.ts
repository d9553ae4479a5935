import { join } from 'node:path';
import { KMS, NotFoundException } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { readJsonFile, writeJsonFile } from '../io/json-file.ts';
import type { Endpoints } from '../lambda/function-environment.ts';
import type { KeyDefinition } from '../template/keys.ts';

/** The file of the state directory that lists the KMS keys of stacks. */
export const stackKeysFile = 'stack-keys.json';

/** Ids of KMS keys, by stack and logical id: `Stack/Id`. */
const keyIds = v.record(v.string(), v.string());

/** Where keys are made, and where they are listed. */
interface Surroundings {
  readonly endpoints: Pick<Endpoints, 'kms' | 'account'>;
  /** The state directory. */
  readonly directory: string;
}

/**
 * Creates the KMS keys that do not exist yet, and leaves the others as they are. One that has left
 * its template is kept, since what it encrypted may still exist.
 * @returns the ids of the keys, by stack and logical id: `Stack/Id`
 * @throws Error when the file that lists them is not one that we wrote
 */
export async function provideKeys(
  keys: readonly KeyDefinition[],
  { endpoints, directory }: Surroundings,
): Promise<ReadonlyMap<string, string>> {
  const path = join(directory, stackKeysFile);
  const kms = new KMS({ ...endpoints.account, endpoint: endpoints.kms });
  try {
    let ids = await readKeyIds(path);
    for (const key of keys) {
      if (await isThere(kms, ids[key.path])) continue;
      ids = { ...ids, [key.path]: await make(kms, key) };
      await writeJsonFile(path, ids);
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

async function readKeyIds(path: string): Promise<v.InferOutput<typeof keyIds>> {
  try {
    return (await readJsonFile(path, keyIds)) ?? {};
  } catch (cause) {
    throw new Error(`${path} does not list keys; npm start -- --fresh starts anew`, { cause });
  }
}
