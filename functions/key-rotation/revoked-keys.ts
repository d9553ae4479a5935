import { reason } from '../oauth/audit.ts';
import { inState } from '../oauth/key-ring.ts';
import { retention } from '../oauth/key-times.ts';
import { failureEntry } from './audit-entry.ts';
import type { KeyRotation } from './settings.ts';

/**
 * Does a part of a run, and before it notes each revoked key of which a token may be alive. It is done at each
 * run, so that what could not be noted is noted by the next one; a key that is noted already stays so.
 * @throws Error when a key could not be noted; the part was done all the same
 */
export async function notingRevokedKeys<Result>(
  rotation: KeyRotation,
  part: () => Promise<Result>,
): Promise<Result> {
  const failure = await noteRevokedKeys(rotation).then(
    () => undefined,
    (error: unknown) => new Error(`${notNoted}: ${reason(error)}`),
  );
  const result = await part().catch((error: unknown) => {
    if (failure) rotation.audit(failureEntry(failure));
    throw error;
  });
  if (failure) throw failure;
  return result;
}

const notNoted =
  'a revoked key is off the JWK Set, but could not be noted for the revocation list, which the next run does, within five minutes';

async function noteRevokedKeys({ keyRing, revocations, now }: KeyRotation): Promise<void> {
  const { keys } = await keyRing.load();
  for (const { kid, revoked, removed_at = 0 } of inState(keys, 'removed')) {
    const expires_at = removed_at + retention;
    // Of when it is written: whoever reads what is new shall find it, however late it is.
    const revoked_at = now();
    if (!revoked || expires_at <= revoked_at) continue;
    await revocations.note({ kind: 'key', id: kid, revoked_at, expires_at });
  }
}
