import { createHash } from 'node:crypto';
import type { KeyPlan, KeyRing } from '../oauth/key-ring.ts';

/** Seconds after which the run that made a plan is over, and tags can be found. */
export const runsAreOver = 300;

/** Seconds after which a plan is given up: no key that was made by it is still to be found. */
const plansAreOver = 3600;

/** What the ring knows a plan by. */
export const idHash = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** The plans of a ring. */
export const plansOf = ({ plans = [] }: KeyRing): readonly KeyPlan[] => plans;

/** The plans that a key may yet come by, or has. */
export function openPlans(
  ring: KeyRing,
  { orphans, now }: { readonly orphans: readonly { plan: string }[]; readonly now: number },
): readonly KeyPlan[] {
  const kept = new Set(orphans.map(({ plan }) => idHash(plan)));
  return plansOf(ring).filter(
    ({ id_hash, planned_at }) => now < planned_at + plansAreOver || kept.has(id_hash),
  );
}

/** The plan with this id, which a key shows in its tag. */
export function planOf(ring: KeyRing, id: string): KeyPlan | undefined {
  const id_hash = idHash(id);
  return plansOf(ring).find((plan) => plan.id_hash === id_hash);
}

/** The plans but for the one with this id. */
export function withoutPlan(ring: KeyRing, id: string): readonly KeyPlan[] {
  const done = planOf(ring, id);
  return plansOf(ring).filter((plan) => plan !== done);
}
