import { sameFamily } from '../aws/signing-algorithms.ts';
import type { DeploymentOutcome } from '../cloudformation/deployment-answer.ts';
import { type Patience, patience, patiently } from '../cloudformation/patience.ts';
import { reason } from '../oauth/audit.ts';
import { inState } from '../oauth/key-ring.ts';
import { type IsRollingBack, refusedIssuerChange } from './issuer-change.ts';
import type { KeyRingRequest } from './key-ring-request.ts';
import { reconcile } from './reconcile.ts';
import { beginRun } from './run.ts';
import { type KeyRotation, rolesIn } from './settings.ts';

/** A key rotation that can wait, and ask CloudFormation. */
export interface PatientKeyRotation extends KeyRotation, Patience {
  readonly isRollingBack: IsRollingBack;
}

/**
 * Brings the key ring in line with what is being deployed, unless that would change the issuer unasked. It
 * succeeds if there is an active key that the new settings let sign: the schedule does the rest, which must
 * not make a roll-back fail. Removal changes nothing: what the keys have signed stays verifiable.
 */
export async function deploy(
  rotation: PatientKeyRotation,
  request: KeyRingRequest,
): Promise<DeploymentOutcome> {
  if (request.RequestType === 'Delete') return { Status: 'SUCCESS' };
  const lastTry = rotation.now() + patience;
  const refused = await issuerRefusal(rotation, request, lastTry);
  if (refused !== undefined) {
    rotation.audit({ outcome: 'refused', command: 'deploy', reason: refused });
    return { Status: 'FAILED', Reason: refused };
  }
  const run = beginRun(rotation);
  try {
    await patiently(rotation, lastTry, () => reconcile(rotation, run));
    return { Status: 'SUCCESS' };
  } catch (error) {
    rotation.audit({ outcome: 'failed', command: 'deploy', reason: reason(error) });
    if (await canSign(rotation)) return { Status: 'SUCCESS' };
    return { Status: 'FAILED', Reason: `There is no active signing key: ${reason(error)}` };
  }
}

/** Where CloudFormation cannot be asked, a change is taken for one that nobody has asked for. */
async function issuerRefusal(
  rotation: PatientKeyRotation,
  request: KeyRingRequest,
  lastTry: number,
): Promise<string | undefined> {
  const refusal = () => refusedIssuerChange(request, rotation.isRollingBack);
  try {
    return await patiently(rotation, lastTry, refusal);
  } catch (error) {
    return `Whether a change of the issuer is a roll-back cannot be known: ${reason(error)}`;
  }
}

/**
 * Whether all functions that sign, as they are being deployed, are allowed to with the active key. It may let
 * others sign beside them, such as those of the release that is rolled back.
 */
async function canSign({ keyRing, settings }: KeyRotation): Promise<boolean> {
  const { keys } = await keyRing.load().catch(() => nothing);
  return inState(keys, 'active').some(
    ({ alg, token_role = settings.tokenRole }) =>
      new Set(rolesIn(settings.tokenRole)).isSubsetOf(new Set(rolesIn(token_role))) &&
      (settings.mixedFamilies || sameFamily(alg, settings.alg)),
  );
}

const nothing = { keys: [], revision: 0 };
