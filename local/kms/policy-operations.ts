import type { Kms } from './key-operations.ts';
import { checkPolicy, defaultPolicy, policyName } from './key-policy.ts';
import { findKey, keyArn } from './key-reference.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, optionalText, text } from './request.ts';

/** PutKeyPolicy, in any state of the key. */
export async function putKeyPolicy({ keys }: Kms, request: KmsRequest): Promise<object> {
  const key = findKey(keys, text(request, 'KeyId'));
  checkName(request, key.id);
  await keys.put({ ...key, policy: checkPolicy(text(request, 'Policy')) });
  return {};
}

/** GetKeyPolicy. */
export function getKeyPolicy({ keys }: Kms, request: KmsRequest): object {
  const { id, policy } = findKey(keys, text(request, 'KeyId'));
  checkName(request, id);
  return { Policy: policy ?? defaultPolicy, PolicyName: policyName };
}

function checkName(request: KmsRequest, id: string): void {
  const name = optionalText(request, 'PolicyName') ?? policyName;
  if (name === policyName) return;
  throw new KmsError('NotFoundException', `No such policy exists: ${keyArn(id)} ${name}`);
}
