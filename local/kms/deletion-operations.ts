import type { Kms } from './key-operations.ts';
import { findKey, findLivingKey, keyArn } from './key-reference.ts';
import { KmsError } from './kms-error.ts';
import { integer, type KmsRequest, text } from './request.ts';

/** ScheduleKeyDeletion. */
export async function scheduleKeyDeletion(kms: Kms, request: KmsRequest): Promise<object> {
  const bounds = { least: 7, most: 30, otherwise: 30 };
  const days = integer(request, 'PendingWindowInDays', bounds);
  const key = findLivingKey(kms.keys, text(request, 'KeyId'));
  const deletion = { state: 'PendingDeletion', deletionDate: kms.now() + days * 86_400 } as const;
  await kms.keys.put({ ...key, ...deletion });
  return {
    KeyId: keyArn(key.id),
    DeletionDate: deletion.deletionDate,
    KeyState: deletion.state,
    PendingWindowInDays: days,
  };
}

/** CancelKeyDeletion: the key is disabled from then on. */
export async function cancelKeyDeletion({ keys }: Kms, request: KmsRequest): Promise<object> {
  const key = findKey(keys, text(request, 'KeyId'));
  const KeyId = keyArn(key.id);
  if (key.state !== 'PendingDeletion') {
    throw new KmsError('KMSInvalidStateException', `${KeyId} is not pending deletion.`);
  }
  await keys.put({ ...key, state: 'Disabled', deletionDate: undefined });
  return { KeyId };
}

/** Deletes the keys whose deletion date has come, for good and with their aliases. */
export async function deleteDueKeys({ keys, now }: Kms): Promise<void> {
  const time = now();
  const due = keys.all().filter(({ deletionDate = Infinity }) => deletionDate <= time);
  await Promise.all(due.map(({ id }) => keys.remove(id)));
}
