import { accountId, region } from '../account/local-account.ts';
import type { KeyUsage } from './key-specs.ts';
import type { Key, KeyStore } from './key-store.ts';
import { KmsError } from './kms-error.ts';

const prefix = `arn:aws:kms:${region}:${accountId}:`;

/** The ARN of a key id. */
export const keyArn = (id: string): string => `${prefix}key/${id}`;

/** The ARN of an alias name, which has the prefix `alias/`. */
export const aliasArn = (alias: string): string => `${prefix}${alias}`;

/** Finds a key by key id, key ARN, alias name or alias ARN, in any state. */
export function findKey(keys: KeyStore, reference: string): Key {
  const name = reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  if (name.startsWith('arn:')) throw new KmsError('InvalidArnException', `Invalid arn ${name}`);
  if (name.startsWith('alias/')) return findByAlias(keys, name);
  const id = name.replace(/^key\//, '');
  return keys.get(id) ?? notFound(`Key '${keyArn(id)}' does not exist`);
}

/** Finds a key that is not pending deletion. */
export function findLivingKey(keys: KeyStore, reference: string): Key {
  const key = findKey(keys, reference);
  if (key.state !== 'PendingDeletion') return key;
  throw new KmsError('KMSInvalidStateException', `${keyArn(key.id)} is pending deletion.`);
}

/** Finds a key that is enabled. */
export function findEnabledKey(keys: KeyStore, reference: string): Key {
  const key = findLivingKey(keys, reference);
  if (key.state === 'Enabled') return key;
  throw new KmsError('DisabledException', `${keyArn(key.id)} is disabled.`);
}

/** An operation, and the usage that its keys must have. */
interface KeyUse {
  readonly operation: string;
  readonly usage: KeyUsage;
}

/** Finds a key that is enabled and has the usage of an operation. */
export function findKeyFor(keys: KeyStore, reference: string, use: KeyUse): Key {
  const key = findEnabledKey(keys, reference);
  if (key.usage === use.usage) return key;
  throw new KmsError(
    'InvalidKeyUsageException',
    `${keyArn(key.id)} key usage is ${key.usage} which is not valid for ${use.operation}.`,
  );
}

function findByAlias(keys: KeyStore, alias: string): Key {
  const key = keys.all().find(({ aliases }) => aliases.includes(alias));
  return key ?? notFound(`Alias ${aliasArn(alias)} is not found.`);
}

function notFound(message: string): never {
  throw new KmsError('NotFoundException', message);
}
