import { sameFamily } from '../aws/signing-algorithms.ts';
import { reason } from '../oauth/audit.ts';
import { inState } from '../oauth/key-ring.ts';
import type { DeploymentOutcome } from './deployment-answer.ts';
import type { DeploymentRequest } from './deployment-request.ts';
import { reconcile } from './reconcile.ts';
import { beginRun } from './run.ts';
import type { KeyRotation } from './settings.ts';

/** A key rotation that can wait. */
export interface PatientKeyRotation extends KeyRotation {
  readonly wait: (seconds: number) => Promise<void>;
}

/** Seconds for which a deployment tries again: the permissions of a new role take effect late. */
const patience = 40;
const pause = 5;

/**
 * Brings the key ring in line with what is being deployed. It succeeds if there is an active key that
 * the new settings let sign: the schedule does the rest, which must not make a roll-back fail.
 * Removal changes nothing: what the keys have signed stays verifiable.
 */
export async function deploy(
  rotation: PatientKeyRotation,
  { RequestType }: DeploymentRequest,
): Promise<DeploymentOutcome> {
  if (RequestType === 'Delete') return { Status: 'SUCCESS' };
  try {
    await reconcilePatiently(rotation);
    return { Status: 'SUCCESS' };
  } catch (error) {
    rotation.audit({ outcome: 'failed', command: 'deploy', reason: reason(error) });
    if (await canSign(rotation)) return { Status: 'SUCCESS' };
    return { Status: 'FAILED', Reason: `There is no active signing key: ${reason(error)}` };
  }
}

/** Whether the token function, as it is being deployed, is allowed to sign with the active key. */
async function canSign({ keyRing, settings }: KeyRotation): Promise<boolean> {
  const { keys } = await keyRing.load().catch(() => nothing);
  return inState(keys, 'active').some(
    ({ alg, token_role = settings.tokenRole }) =>
      token_role === settings.tokenRole &&
      (settings.mixedFamilies || sameFamily(alg, settings.alg)),
  );
}

async function reconcilePatiently(rotation: PatientKeyRotation): Promise<void> {
  const lastTry = rotation.now() + patience;
  const run = beginRun(rotation);
  for (;;) {
    try {
      await reconcile(rotation, run);
      return;
    } catch (error) {
      if (rotation.now() >= lastTry) throw error;
      await rotation.wait(pause);
    }
  }
}

const nothing = { keys: [], revision: 0 };
