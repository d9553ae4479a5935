import { kmsIsSlow, type TaggedKey } from '../aws/keys-in-kms.ts';
import type { SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { KeyRing, RingKey } from '../oauth/key-ring.ts';
import { changeEntries } from './audit-entry.ts';
import { idHash, openPlans, withoutPlan } from './key-plan.ts';
import { type Observation, observe, type Planned } from './observation.ts';
import type { KeyRotation } from './settings.ts';
import type { Step } from './step.ts';
import { deletionScheduled, type Entrant, entered, entrusted } from './transitions.ts';

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
  const { tokenRole: token_role } = settings;
  const made: TaggedKey[] = [];
  const planned = new Map<string, Planned>();
  const letIn = new Set<string>();

  const make = async (alg: SigningAlgorithmName, plan: string): Promise<string> => {
    // Whatever becomes of the call: one id is for one key.
    planned.delete(plan);
    const key_id = await kms.create(alg, plan);
    made.push({ key_id, alg, plan });
    return key_id;
  };
  const inKms = async ({ as, alg, adopt }: Enter, plan: string): Promise<Entrant> => {
    const key_id = adopt ?? (await make(alg, plan));
    const jwk = await kms.publicJwk(key_id, alg);
    return { as, key_id, custody: 'kms', wrapped_private_key: undefined, token_role, jwk };
  };
  const wrapped = async ({ as, alg }: Enter): Promise<Entrant> => {
    const { wrappingKey = '' } = settings;
    return { as, ...(await kms.wrapKeyPair(alg, wrappingKey)), token_role: undefined };
  };
  const change: { [Kind in Step['do']]: Change<Extract<Step, { do: Kind }>> } = {
    change: async ({ keys, plans }) => ({ keys, ...(plans && { plans }) }),
    plan: async ({ alg }, from) => {
      const id = rotation.newPlanId();
      planned.set(id, { id, alg });
      const plan = { id_hash: idHash(id), alg, planned_at: from.now };
      return { plans: [...openPlans(from.ring, from), plan] };
    },
    enter: async (step, { ring, now }) => {
      const { plan } = step;
      const key = plan === undefined ? await wrapped(step) : await inKms(step, plan);
      letIn.add(key.jwk.kid);
      const keys = entered(ring.keys, key, { now, ...settings });
      return plan === undefined ? { keys } : { keys, plans: withoutPlan(ring, plan) };
    },
    delete: async ({ key }, { ring, now }) => {
      const deletes_at = await kms.scheduleDeletion(key.key_id);
      return { keys: deletionScheduled(ring.keys, key.kid, deletes_at ?? goneSince(key, now)) };
    },
    entrust: async ({ key }, { ring }) => {
      await kms.setPolicy(key.key_id, key.alg);
      return { keys: entrusted(ring.keys, key.kid, token_role) };
    },
  };
  return {
    observe: () => observe(rotation, { made, planned: [...planned.values()] }),
    async take(step, from) {
      const changed = await (change[step.do] as Change<Step>)(step, from);
      const after = { ...from.ring, ...changed, revision: from.ring.revision + 1 };
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

type Enter = Extract<Step, { do: 'enter' }>;

/** What a step makes of the ring. */
type Change<Kind> = (step: Kind, from: Observation) => Promise<Partial<KeyRing>>;
