import { type Audit, reason } from '../../oauth/audit.ts';
import type { Task } from '../handler.ts';
import type { SecretRotation } from './journey.ts';
import { rotateSecret } from './rotation.ts';
import { readRotationEvent } from './rotation-event.ts';

/** Takes the steps of rotations for Secrets Manager, which begins a failed one anew. */
export function secretRotation(rotation: SecretRotation, audit: Audit): Task {
  return (event) => {
    const asked = readRotationEvent(event);
    return asked && taken(rotation, asked, audit);
  };
}

async function taken(
  rotation: SecretRotation,
  event: Parameters<typeof rotateSecret>[1],
  audit: Audit,
): Promise<void> {
  const { Step: command, SecretId: keeper, ClientRequestToken: version } = event;
  const asked = { command, keeper, version };
  try {
    audit({ ...asked, ...(await rotateSecret(rotation, event)) });
  } catch (error) {
    audit({ ...asked, outcome: 'failed', reason: reason(error) });
    // Lambda logs what is thrown, and a cause may quote a value.
    throw new Error(reason(error));
  }
}
