import { DescribeKeyCommand, DisableKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import type { KeyRotationFunction } from '../../functions/key-rotation/handler.ts';
import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import type { KeyState, RingKey } from '../../functions/oauth/key-ring.ts';
import { publishLead } from '../../functions/oauth/key-times.ts';
import { keyRotation, makeWrappingKey, roles } from '../support/key-rotation.ts';
import { startServices, tables } from '../support/services.ts';

export const day = 86_400;
export const startedAt = 1_700_000_000;

export const settings: KeySettings = {
  alg: 'RS256',
  wrappingKey: undefined,
  tokenRole: roles.token,
  rotationInterval: 90 * day,
  mixedFamilies: false,
};

/** The key rotation of a deployment on real services, with a clock that the test turns. */
export async function testDeployment(
  special: Partial<KeyRotationFunction> = {},
  { wraps = false }: { readonly wraps?: boolean } = {},
) {
  const clock = { now: startedAt };
  const services = await startServices(() => clock.now);
  const wait = async (seconds: number) => {
    clock.now += seconds;
  };
  const wrappingKey = await makeWrappingKey(services);
  const functionWith = (of: Partial<KeyRotationFunction>, wrapper: string | undefined) =>
    keyRotation(
      services,
      () => clock.now,
      { wait, ...of },
      { ...(wrapper && { wrappingKey: wrapper }) },
    );
  const rotation = functionWith(special, wraps ? wrappingKey : undefined);
  const { kms } = services;
  return {
    clock,
    services,
    ...rotation,
    reconcile: () => rotation.done({ command: 'tend' }),
    /** Lets seconds pass, then does what the schedule does. */
    async later(seconds: number) {
      clock.now += seconds;
      return rotation.done({ command: 'tend' });
    },
    /** A further function on the same services, with other settings. */
    with: ({ wrappingKey: wrapper, ...other }: Partial<KeySettings>) =>
      functionWith({ settings: { ...settings, ...other } }, wrapper),
    wrappingKey,
    /** The keys of the ring, in the order in which they came. */
    keys: async () => (await rotation.keyRing.load()).keys,
    /** Stores a ring that the key rotation would never store. */
    async corrupt(change: (keys: readonly RingKey[]) => readonly RingKey[]) {
      const { keys, revision } = await rotation.keyRing.load();
      await rotation.keyRing.store({ keys: change(keys), revision: revision + 1 });
    },
    /** The states of all keys, in that order. */
    states: async (): Promise<readonly KeyState[]> =>
      (await rotation.keyRing.load()).keys.map(({ state }) => state),
    /** All keys in KMS that sign, and how they stand there. */
    async kmsStates() {
      const { Keys = [] } = await kms.send(new ListKeysCommand({}));
      const signing = Keys.filter(({ KeyArn }) => KeyArn !== wrappingKey);
      const described = signing.map(({ KeyId }) => kms.send(new DescribeKeyCommand({ KeyId })));
      return (await Promise.all(described)).map(({ KeyMetadata }) => KeyMetadata?.KeyState);
    },
    disable: (KeyId: string) => kms.send(new DisableKeyCommand({ KeyId })),
    table: tables.registry,
  };
}

export type Deployment = Awaited<ReturnType<typeof testDeployment>>;

/** A deployment whose first key was retired by a second one a moment ago. */
export async function rotated(): Promise<Deployment> {
  const deployment = await testDeployment();
  await deployment.reconcile();
  await deployment.later(90 * day);
  await deployment.later(publishLead);
  return deployment;
}

/** The key that came first. */
export const first = async ({ keys }: Deployment): Promise<RingKey> => {
  const [key] = await keys();
  if (key) return key;
  throw new Error('the ring is empty');
};

/** The keys that sign. */
export const activeOf = async ({ keys }: Deployment) =>
  (await keys()).filter(({ state }) => state === 'active');
