import { type KeyPair, kmsIsSlow, type TaggedKey } from '../aws/keys-in-kms.ts';
import type { SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { RingKey } from '../oauth/key-ring.ts';
import { changeEntries } from './audit-entry.ts';
import { type Observation, observe } from './observation.ts';
import type { KeyRotation } from './settings.ts';
import type { Step } from './step.ts';
import { deletionScheduled, entered } from './transitions.ts';

/** One run of the key rotation. It may end after any step: the next run goes on from there. */
export interface Run {
  observe(): Promise<Observation>;
  /**
   * Takes a step from what was observed.
   * @returns false when somebody else has changed the ring meanwhile: observe again then
   */
  take(step: Step, from: Observation): Promise<boolean>;
  /** Whether this run has let a key in, or made it and another run was quicker. */
  hasLetIn(key: RingKey): boolean;
}

/** Begins a run. */
export function beginRun(rotation: KeyRotation): Run {
  const { keyRing, kms, settings, audit } = rotation;
  const made: TaggedKey[] = [];
  const letIn = new Set<string>();

  const make = async (alg: SigningAlgorithmName): Promise<string> => {
    const key_id = await kms.create(alg);
    made.push({ key_id, alg });
    return key_id;
  };
  const inKms = async (alg: SigningAlgorithmName, adopt: string | undefined): Promise<KeyPair> => {
    const key_id = adopt ?? (await make(alg));
    const jwk = await kms.publicJwk(key_id, alg);
    return { key_id, custody: 'kms', wrapped_private_key: undefined, jwk };
  };
  const change: { [Kind in Step['do']]: Change<Extract<Step, { do: Kind }>> } = {
    change: async ({ keys }) => keys,
    enter: async ({ as, alg, adopt }, { ring, now }) => {
      const wrappingKey = adopt === undefined ? settings.wrappingKey : undefined;
      const pair = wrappingKey ? await kms.wrapKeyPair(alg, wrappingKey) : await inKms(alg, adopt);
      letIn.add(pair.jwk.kid);
      return entered(ring.keys, { as, ...pair }, { now, ...settings });
    },
    delete: async ({ key }, { ring, now }) => {
      const deletes_at = await kms.scheduleDeletion(key.key_id);
      return deletionScheduled(ring.keys, key.kid, deletes_at ?? goneSince(key, now));
    },
  };
  return {
    observe: () => observe(rotation, made),
    async take(step, from) {
      const keys = await (change[step.do] as Change<Step>)(step, from);
      const after = { keys, revision: from.ring.revision + 1 };
      if (!(await keyRing.store(after))) return false;
      for (const entry of changeEntries(from.ring, after, step)) audit(entry);
      return true;
    },
    hasLetIn: ({ kid }) => letIn.has(kid),
  };
}

/** A young key that KMS does not know is not gone: the next run tries again. */
function goneSince({ kid, published_at }: RingKey, now: number): number {
  if (now >= published_at + kmsIsSlow) return now;
  throw new Error(`KMS does not know the key ${kid} yet, which is to be deleted`);
}

/** What a step makes of the keys. */
type Change<Kind> = (step: Kind, from: Observation) => Promise<readonly RingKey[]>;
