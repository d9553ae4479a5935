import { randomUUID } from 'node:crypto';
import { readKeptValue } from '../../../functions/administration/kept-value.ts';
import type { SecretRotation } from '../../../functions/administration/secret-rotation/journey.ts';
import { rotateSecret } from '../../../functions/administration/secret-rotation/rotation.ts';
import {
  type RotationStep,
  rotationSteps,
} from '../../../functions/administration/secret-rotation/rotation-event.ts';
import { matchesClientSecret } from '../../../functions/oauth/client-secret.ts';
import { isExpired, newSecret, withSecret } from '../../../registry/client-secrets.ts';
import { changeClient, createClient, findClient } from '../../../registry/clients.ts';
import { aRegistry } from '../../registry/a-registry.ts';
import { memoryKeepers } from '../../support/memory/memory-keepers.ts';

export const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:billing-AbCdEf';
export const hour = 3600;
export const day = 24 * hour;

/**
 * A client whose secret is in Secrets Manager, and that has another one from a person. `clock` is the
 * registry's.
 */
export async function aRotation(special: Partial<SecretRotation> = {}) {
  const { registry: base } = await aRegistry();
  const clock = { now: 1_700_000_000 };
  const registry = { store: base.store, now: () => clock.now };
  const { keepers, keeper } = memoryKeepers(arn);
  const client_id = 'billing';
  const { client_secret } = await createClient(registry, { client_id, client_name: 'Billing' });
  const { client_secret: byHand, ...secret } = newSecret(clock.now);
  await changeClient(registry, client_id, (client) => withSecret(client, secret, clock.now));
  const extras = { token_endpoint: 'https://as.example.com/token', team: 'money' };
  keeper.put('the-first', JSON.stringify({ client_id, client_secret, ...extras }), 'AWSCURRENT');
  const works = async (text: string): Promise<boolean> => {
    const { secrets, disabled } = await findClient(registry, client_id);
    const living = secrets.filter((stored) => !isExpired(stored, clock.now));
    return !disabled && living.some(({ hash }) => matchesClientSecret(text, hash));
  };
  const tryOut: SecretRotation['tryOut'] = async (_client, text) => {
    if (!(await works(text))) throw new Error('refused');
  };
  const rotation: SecretRotation = { keepers, registryFor: () => registry, tryOut, ...special };
  const step = (Step: RotationStep, version: string) =>
    rotateSecret(rotation, { Step, SecretId: arn, ClientRequestToken: version });
  /** What Secrets Manager does before it calls the first step. */
  const begin = (version: string = randomUUID()) => {
    keeper.put(version, undefined, 'AWSPENDING');
    return version;
  };
  return {
    ...{ clock, registry, keeper, rotation, client_id, client_secret, byHand, works, step, begin },
    /** A rotation in which nothing goes wrong; gives the new version. */
    rotate: async () => {
      const version = begin();
      for (const name of rotationSteps) await step(name, version);
      return version;
    },
    secretIn: (version: string) =>
      readKeptValue(keeper.versions.get(version)?.value)?.client_secret ?? '',
    secrets: async () => (await findClient(registry, client_id)).secrets,
  };
}
