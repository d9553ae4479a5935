import { randomUUID } from 'node:crypto';
import { accountId } from '../account/local-account.ts';
import { checkPolicy } from './key-policy.ts';
import { findKey, findLivingKey, keyArn } from './key-reference.ts';
import { keySpecs } from './key-specs.ts';
import type { Key, KeyStore } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, oneOf, optionalText, tags, text } from './request.ts';

/** What an operation works on. */
export interface Kms {
  readonly keys: KeyStore;
  /** NumericDate seconds. */
  now(): number;
}

/** CreateKey, for the key specs of key-specs.ts. */
export async function createKey({ keys, now }: Kms, request: KmsRequest): Promise<object> {
  const spec = optionalText(request, 'KeySpec') ?? 'SYMMETRIC_DEFAULT';
  const known = keySpecs.get(spec);
  if (!known) throw new KmsError('UnsupportedOperationException', `no key spec ${spec} here`);
  const policy = optionalText(request, 'Policy');
  const KeyUsage = optionalText(request, 'KeyUsage') ?? 'ENCRYPT_DECRYPT';
  const key: Key = {
    id: randomUUID(),
    spec,
    usage: oneOf({ KeyUsage }, 'KeyUsage', [known.usage]),
    description: optionalText(request, 'Description') ?? '',
    state: 'Enabled',
    createdAt: now(),
    tags: tags(request),
    ...(policy !== undefined && { policy: checkPolicy(policy) }),
    aliases: [],
    material: await known.generate(),
  };
  await keys.put(key);
  return { KeyMetadata: metadata(key) };
}

/** DescribeKey. */
export function describeKey({ keys }: Kms, request: KmsRequest): object {
  return { KeyMetadata: metadata(findKey(keys, text(request, 'KeyId'))) };
}

/** ListKeys, in one page. */
export function listKeys({ keys }: Kms): object {
  const Keys = keys.all().map(({ id }) => ({ KeyId: id, KeyArn: keyArn(id) }));
  return { Keys, Truncated: false };
}

/** EnableKey. */
export function enableKey(kms: Kms, request: KmsRequest): Promise<object> {
  return change(kms, request, { state: 'Enabled' });
}

/** DisableKey. */
export function disableKey(kms: Kms, request: KmsRequest): Promise<object> {
  return change(kms, request, { state: 'Disabled' });
}

async function change({ keys }: Kms, request: KmsRequest, changed: Partial<Key>): Promise<object> {
  await keys.put({ ...findLivingKey(keys, text(request, 'KeyId')), ...changed });
  return {};
}

function metadata(key: Key): object {
  return {
    AWSAccountId: accountId,
    KeyId: key.id,
    Arn: keyArn(key.id),
    CreationDate: key.createdAt,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    DeletionDate: key.deletionDate,
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...algorithmsOf(key),
    MultiRegion: false,
  };
}

function algorithmsOf(key: Key): object {
  if (key.usage === 'SIGN_VERIFY') return { SigningAlgorithms: signingAlgorithms(key) };
  return { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] };
}

/** The names of the algorithms that a key signs with. */
export function signingAlgorithms(key: Key): readonly string[] {
  return Object.keys(keySpecs.get(key.spec)?.algorithms ?? {});
}
