import type { SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { RingKey } from '../oauth/key-ring.ts';

/** One step towards the ring that should be, with one write of the ring at its end. */
export type Step = Change | Enter | Delete;

/** Write these keys. */
interface Change {
  readonly do: 'change';
  readonly keys: readonly RingKey[];
  readonly why: string;
}

/** Let a key into the ring. */
interface Enter {
  readonly do: 'enter';
  readonly as: Entrance;
  /** The key in KMS; absent: a new one is made. */
  readonly adopt: string | undefined;
  readonly alg: SigningAlgorithmName;
  readonly why: string;
}

/** Have KMS delete a key that was removed. */
interface Delete {
  readonly do: 'delete';
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
