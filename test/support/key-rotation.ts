import { randomBytes } from 'node:crypto';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { dynamodbKeyRingStore } from '../../functions/aws/dynamodb-key-ring-store.ts';
import {
  dynamodbRevocationLog,
  dynamodbRevocationStore,
} from '../../functions/aws/dynamodb-revocations.ts';
import { kmsKeys } from '../../functions/aws/kms-keys.ts';
import { createHandler, type KeyRotationFunction } from '../../functions/key-rotation/handler.ts';
import type { Done, Reply } from '../../functions/key-rotation/reply.ts';
import { rolesIn } from '../../functions/key-rotation/settings.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import type { Revocation } from '../../functions/oauth/revocation.ts';
import { type Clients, tables } from './services.ts';

/** Makes the key that a deployment wraps its private keys with; gives its ARN. */
export async function makeWrappingKey({ kms }: Clients): Promise<string> {
  const command = new CreateKeyCommand({
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
  });
  const { KeyMetadata } = await kms.send(command);
  return KeyMetadata?.Arn ?? '';
}

/** Who works with the keys of a test. */
export const roles = {
  token: 'arn:aws:iam::111122223333:role/token',
  signing: ['arn:aws:iam::111122223333:role/token'],
  rotation: 'arn:aws:iam::111122223333:role/rotation',
};

/** The key rotation function of a test. */
export type TestRotation = ReturnType<typeof keyRotation>;

/** The key rotation function on real services, with a clock that somebody else turns. */
export function keyRotation(
  clients: Clients,
  now: () => number,
  special: Partial<KeyRotationFunction> = {},
  {
    registry = tables.registry,
    wrappingKey,
  }: { readonly registry?: string; readonly wrappingKey?: string } = {},
) {
  const audited: AuditEntry[] = [];
  const measured: number[] = [];
  const owner = { ...roles, signing: rolesIn(special.settings?.tokenRole ?? roles.token) };
  const kms = kmsKeys({ ...clients, once: clients.kms }, { registry, roles: owner });
  const keyRing = dynamodbKeyRingStore(clients.dynamodb, registry, {
    identity: 'rotation',
    tool: 'key-rotation',
  });
  const revocations = dynamodbRevocationStore(clients.dynamodb, tables.revocations);
  const settings = {
    alg: 'RS256',
    tokenRole: roles.token,
    rotationInterval: 90 * 86_400,
    mixedFamilies: false,
    ...special.settings,
    wrappingKey,
  } as const;
  const handler = createHandler({
    keyRing,
    revocations,
    kms,
    keyRingId: registry,
    fetch,
    now,
    newPlanId: () => randomBytes(32).toString('base64url'),
    wait: () => Promise.reject(new Error('this test does not wait')),
    isRollingBack: () => Promise.reject(new Error('this test has no CloudFormation')),
    measure: (seconds) => measured.push(seconds),
    audit: (entry) => audited.push(entry),
    ...special,
    settings,
  });
  const command = async (event: object): Promise<Reply> => {
    const reply = await handler(event);
    if (reply) return reply;
    throw new Error('a command had no reply');
  };
  return {
    handler,
    /** Sends a command and gives the reply, refusals too. */
    command,
    /** Sends a command that is not to be refused. */
    done: async (event: object): Promise<Done> => {
      const reply = await command(event);
      if (reply.outcome === 'done') return reply;
      throw new Error(reply.reason);
    },
    keyRing,
    revocations,
    registry,
    /** Keys in KMS with the tag of this deployment that can sign and are not in the ring, but for these. */
    async strangers(others: readonly string[] = []): Promise<readonly string[]> {
      const inRing = (await keyRing.load()).keys.map(({ key_id }) => key_id);
      const known = new Set([...inRing, ...others]);
      const tagged = (await kms.tagged()).filter(({ key_id }) => !known.has(key_id));
      const standings = await Promise.all(tagged.map((key) => kms.standing(key)));
      return tagged
        .filter((_, index) => standings[index]?.standing === 'usable')
        .map(({ key_id }) => key_id);
    },
    /** Each key that was noted as revoked, and is not yet forgotten. */
    async noted(): Promise<readonly Revocation[]> {
      const log = dynamodbRevocationLog(clients.dynamodb, tables.revocations, now);
      const all: Revocation[] = [];
      for await (const page of log.since(0)) all.push(...page);
      return all;
    },
    audited,
    measured,
  };
}
