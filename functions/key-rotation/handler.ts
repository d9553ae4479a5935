import { answerDeployment } from '../cloudformation/deployment-answer.ts';
import { type AuditEntry, reason } from '../oauth/audit.ts';
import { failureEntry } from './audit-entry.ts';
import { type Command, obeyCommand, parseCommand } from './commands.ts';
import { deploy, type PatientKeyRotation } from './deploy.ts';
import { parseKeyRingRequest } from './key-ring-request.ts';
import type { Reply } from './reply.ts';
import { overdueSeconds } from './schedule.ts';

/** What the key rotation function works with. */
export interface KeyRotationFunction extends PatientKeyRotation {
  /** What CloudFormation knows a new key ring by. */
  readonly keyRingId: string;
  readonly fetch: typeof globalThis.fetch;
  /** Takes the seconds by which the most overdue change is late. */
  readonly measure: (overdueSeconds: number) => void;
}

/**
 * Makes the handler of the key rotation: for the schedule and `countersign key`, which send a
 * command, and for CloudFormation, which sends a request and wants its answer elsewhere.
 */
export function createHandler(rotation: KeyRotationFunction) {
  return async (event: unknown): Promise<Reply | undefined> => {
    const request = parseKeyRingRequest(event);
    if (!request) return obey(event, rotation);
    const outcome = await deploy(rotation, request);
    // What CloudFormation knows it by, though the ring may be in another table now.
    const { PhysicalResourceId = rotation.keyRingId } = request;
    const answer = { ...outcome, PhysicalResourceId };
    await answerDeployment(request, answer, rotation.fetch);
    await measure(rotation);
    return undefined;
  };
}

async function obey(event: unknown, rotation: KeyRotationFunction): Promise<Reply> {
  try {
    const command = parseCommand(event);
    const reply = await obeyCommand(rotation, command);
    rotation.audit(replyEntry(command, reply));
    return reply;
  } catch (error) {
    rotation.audit(failureEntry(error));
    // The caller may administer the keys, so it is told why. A run that throws sets off the alarm.
    throw new Error(reason(error), { cause: error });
  } finally {
    await measure(rotation);
  }
}

/** How a command has ended; of a revocation, `kid` is the key that was to be revoked. */
function replyEntry(command: Command, reply: Reply): AuditEntry {
  const kid = command.command === 'revoke' ? command.kid : undefined;
  const asked = { command: command.command, kid };
  if (reply.outcome === 'refused') return { ...asked, outcome: 'refused', reason: reply.reason };
  const key = kid === undefined ? { kid: reply.kid } : { active_kid: reply.kid };
  return { ...asked, outcome: 'done', ...key };
}

/** Measures how late the next change is. Without a measurement the alarm goes off too. */
async function measure({ keyRing, settings, now, measure: take }: KeyRotationFunction) {
  const ring = await keyRing.load().catch(() => undefined);
  if (ring) take(overdueSeconds(ring, settings, now()));
}
