import type { KeyPair } from '../aws/keys-in-kms.ts';
import { sameFamily } from '../aws/signing-algorithms.ts';
import { hasRoom, type RingKey } from '../oauth/key-ring.ts';
import type { KeySettings } from './settings.ts';
import type { Entrance } from './step.ts';

type Keys = readonly RingKey[];
type Which = (key: RingKey) => boolean;

/** Lets a key of the ring sign. The one that signed until now is retired in the same write. */
export function activated(keys: Keys, kid: string, now: number): Keys {
  return retired(keys, (key) => key.kid !== kid, now).map((key) =>
    key.kid === kid ? active(key, now) : key,
  );
}

// A key that is brought back counts its age from when it first signed, so that its rotation is due.
const active = (key: RingKey, now: number): RingKey => ({
  ...key,
  state: 'active',
  activated_at: key.activated_at ?? now,
  retired_at: undefined,
});

/** Retires the active keys among these. */
export function retired(keys: Keys, which: Which, now: number): Keys {
  return keys.map((key) =>
    key.state === 'active' && which(key) ? { ...key, state: 'retired', retired_at: now } : key,
  );
}

/** Takes keys off the JWK Set, for good. */
export function removed(keys: Keys, which: Which, now: number): Keys {
  return keys.map((key) =>
    key.state !== 'removed' && which(key)
      ? { ...key, state: 'removed', removed_at: now, ...destroyed(key, now) }
      : key,
  );
}

/** KMS keeps nothing of a wrapped key: once its ciphertext is gone, so is the key. */
const destroyed = ({ custody }: RingKey, now: number): Partial<RingKey> =>
  custody === 'kms-wrapped' ? { wrapped_private_key: undefined, deletes_at: now } : {};

/** Takes one key off the JWK Set because nobody is to trust it any more. */
export function revoked(keys: Keys, kid: string, now: number): Keys {
  return removed(keys, (key) => key.kid === kid, now).map((key) =>
    key.kid === kid ? { ...key, revoked: true } : key,
  );
}

/** Marks a removed key as one that KMS is going to delete. */
export function deletionScheduled(keys: Keys, kid: string, deletes_at: number): Keys {
  return keys.map((key) => (key.kid === kid ? { ...key, deletes_at } : key));
}

/** Notes which role the policy of a key lets sign. */
export function entrusted(keys: Keys, kid: string, token_role: string): Keys {
  return keys.map((key) => (key.kid === kid ? { ...key, token_role } : key));
}

/** A key that enters the ring, and how. */
export interface Entrant extends KeyPair, Pick<RingKey, 'token_role'> {
  readonly as: Entrance;
}

/** Lets a key in. One that signs at once retires the active key, and removes what must make way. */
export function entered(
  keys: Keys,
  { as, ...pair }: Entrant,
  { now, mixedFamilies }: Pick<KeySettings, 'mixedFamilies'> & { readonly now: number },
): Keys {
  const { kid, alg } = pair.jwk;
  const key: RingKey = {
    ...pair,
    kid,
    alg,
    state: 'pending',
    published_at: now,
    activated_at: undefined,
    retired_at: undefined,
    removed_at: undefined,
    revoked: false,
    deletes_at: undefined,
  };
  const isNew: Which = (other) => other.kid === kid;
  if (as === 'pending') return [...keys, key];
  if (as === 'removed') return removed([...keys, key], isNew, now);
  const isStrange: Which = (other) => !mixedFamilies && !sameFamily(other.alg, alg);
  return removed(activated([...withRoom(keys, now), key], kid, now), isStrange, now);
}

/** Removes the key that was retired first, if there is no room for one more in the JWK Set. */
function withRoom(keys: Keys, now: number): Keys {
  if (hasRoom({ keys })) return keys;
  const [first] = keys
    .filter(({ state }) => state === 'retired')
    .toSorted((a, b) => (a.retired_at ?? 0) - (b.retired_at ?? 0));
  return removed(keys, (key) => key === first, now);
}
