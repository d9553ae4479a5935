import type { RingKey } from '../oauth/key-ring.ts';
import type { Stranger } from './left-behind.ts';

/** A key as it is shown: the ring's entry, and what will happen to it next by itself. */
export interface ShownKey extends Omit<RingKey, 'jwk' | 'wrapped_private_key' | 'token_role'> {
  readonly next_change: NextChange | undefined;
}

/** What becomes of a key, and when (NumericDate). */
export interface NextChange {
  readonly to: 'active' | 'retired' | 'removed' | 'deleted';
  readonly at: number;
}

/** What the key rotation function answers a command with. */
export type Reply = Done | Refused;

export interface Done {
  readonly outcome: 'done';
  /** All keys of the ring, the newest first. */
  readonly keys: readonly ShownKey[];
  /** `rotate`: the new key. `revoke`: the key that is active now. */
  readonly kid?: string | undefined;
  /** `list`: keys that others have tagged as ours; absent: KMS did not tell. */
  readonly strangers?: readonly Stranger[] | undefined;
  /** `list`: how many more there are that were not looked at; absent as before. */
  readonly strangers_left_out?: number | undefined;
  /** NumericDate from which on no verifier has an older JWK Set without that key. */
  readonly known_to_all_at?: number | undefined;
}

/** Nothing was changed. */
export interface Refused {
  readonly outcome: 'refused';
  /** One sentence without a full stop. */
  readonly reason: string;
}

/** Refuses a command, for a reason that is a sentence without a full stop. */
export const refused = (reason: string): Refused => ({ outcome: 'refused', reason });

/** Writes a NumericDate for people. */
export const dateText = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
