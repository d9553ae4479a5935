import type { SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { KeyPlan, RingKey } from '../oauth/key-ring.ts';

/** One step towards the ring that should be, with one write of the ring at its end. */
export type Step = Change | Plan | Enter | Delete | Entrust;

/** Write these keys. */
interface Change {
  readonly do: 'change';
  readonly keys: readonly RingKey[];
  /** Absent: the plans stay as they are. */
  readonly plans?: readonly KeyPlan[];
  readonly why: string;
}

/** Write that a key is about to be made. */
interface Plan {
  readonly do: 'plan';
  readonly alg: SigningAlgorithmName;
  readonly why: string;
}

/** Let a key into the ring. */
interface Enter {
  readonly do: 'enter';
  readonly as: Entrance;
  /** The key in KMS; absent: a new one is made. */
  readonly adopt: string | undefined;
  /** The id of the plan that it is made by, now or before; absent: KMS wraps it, and keeps nothing. */
  readonly plan: string | undefined;
  readonly alg: SigningAlgorithmName;
  readonly why: string;
}

/** Have KMS delete a key that was removed. */
interface Delete {
  readonly do: 'delete';
  readonly key: RingKey;
  readonly why: string;
}

/** Have the key's policy name the roles that sign now. */
interface Entrust {
  readonly do: 'entrust';
  readonly key: RingKey;
  readonly why: string;
}

/**
 * How a key enters: `pending` is published, `active` signs at once in place of the one that did,
 * `removed` was never published and is to be deleted.
 */
export type Entrance = 'pending' | 'active' | 'removed';

/** The step that writes these keys; undefined: they are as they were. */
export function changeOf(
  before: readonly RingKey[],
  keys: readonly RingKey[],
  why: string,
): Step | undefined {
  const isSame = keys.length === before.length && keys.every((key, index) => key === before[index]);
  return isSame ? undefined : { do: 'change', keys, why };
}
