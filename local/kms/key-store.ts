import { createPrivateKey, createSecretKey, type KeyObject } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeJsonFile } from '../io/json-file.ts';

/** A KMS key: its metadata, tags, aliases and key material. */
export interface Key {
  readonly id: string;
  readonly spec: string;
  readonly usage: string;
  readonly description: string;
  readonly state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** NumericDate. */
  readonly createdAt: number;
  /** NumericDate; there while deletion is pending. */
  readonly deletionDate?: number;
  readonly tags: Readonly<Record<string, string>>;
  /** As it was put; absent: the default policy. */
  readonly policy?: string;
  /** With the prefix `alias/`. */
  readonly aliases: readonly string[];
  /** A private key, or the secret key of a symmetric one. */
  readonly material: KeyObject;
}

/** The keys of the local KMS. */
export interface KeyStore {
  /** In the order of creation. */
  all(): readonly Key[];
  get(id: string): Key | undefined;
  put(key: Key): Promise<void>;
  /** Deletes a key for good. */
  remove(id: string): Promise<void>;
}

/**
 * Opens the keys kept in a directory (mode 700, files of mode 600), or an empty store in memory.
 * @throws Error when a file in the directory is not a key that we wrote.
 */
export async function openKeyStore(directory?: string): Promise<KeyStore> {
  const keys = new Map<string, Key>();
  if (directory) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const key of await readKeys(directory)) keys.set(key.id, key);
  }
  return {
    all: () => [...keys.values()].toSorted((one, other) => one.createdAt - other.createdAt),
    get: (id) => keys.get(id),
    put: async (key) => {
      if (directory) await writeKey(directory, key);
      keys.set(key.id, key);
    },
    remove: async (id) => {
      keys.delete(id);
      if (directory) await rm(pathOf(directory, id), { force: true });
    },
  };
}

async function readKeys(directory: string): Promise<readonly Key[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.json'));
  return Promise.all(files.map((name) => readKey(join(directory, name))));
}

async function readKey(path: string): Promise<Key> {
  try {
    const { privateKey, secretKey, ...rest } = JSON.parse(await readFile(path, 'utf8'));
    const material = secretKey
      ? createSecretKey(secretKey, 'base64url')
      : createPrivateKey(privateKey);
    return { ...rest, material };
  } catch (cause) {
    throw new Error(`${path} is not a key of the local KMS; npm start -- --fresh starts anew`, {
      cause,
    });
  }
}

async function writeKey(directory: string, { material, ...rest }: Key): Promise<void> {
  await writeJsonFile(pathOf(directory, rest.id), { ...rest, ...exported(material) });
}

const exported = (material: KeyObject) =>
  material.type === 'secret'
    ? { secretKey: material.export().toString('base64url') }
    : { privateKey: material.export({ type: 'pkcs8', format: 'pem' }) };

const pathOf = (directory: string, id: string) => join(directory, `${id}.json`);
