import { type KeyStanding, type KeysInKms, kmsIsSlow, type TaggedKey } from '../aws/keys-in-kms.ts';
import { isSigningAlgorithm, type SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { KeyRing, RingKey } from '../oauth/key-ring.ts';
import type { KeyRotation } from './settings.ts';

/** A key in KMS that is ours, can sign, and is not in the ring: a crash left it behind. */
interface Orphan extends TaggedKey, KeyStanding {
  readonly alg: SigningAlgorithmName;
}

type OurKey = TaggedKey & Pick<Orphan, 'alg'>;

/** What the ring and KMS have, and when we looked (NumericDate). */
export interface Observation {
  readonly now: number;
  readonly ring: KeyRing;
  /** Whether KMS can sign with a key of the ring. */
  readonly isUsable: (key: RingKey) => boolean;
  /** The newest first. */
  readonly orphans: readonly Orphan[];
  /** Whether KMS still has a key of the ring, as far as its tags tell. */
  readonly exists: (key: RingKey) => boolean;
}

/**
 * Looks at the ring and at KMS.
 * @param made keys that this run has made, which may not be found by their tag yet
 */
export async function observe(
  { keyRing, kms, now }: KeyRotation,
  made: readonly TaggedKey[],
): Promise<Observation> {
  const ring = await keyRing.load();
  const tagged = await kms.tagged();
  const inRing = new Set(ring.keys.map(({ key_id }) => key_id));
  const strangers = unique([...tagged, ...made]).filter(
    // A key with our tag and the name of no algorithm is not one that we have made.
    (key): key is OurKey => !inRing.has(key.key_id) && isSigningAlgorithm(key.alg),
  );
  const living = ring.keys.filter(({ state }) => state !== 'removed');
  const usable = (await standings(kms, living)).filter((key) => isUsable(key, now()));
  const orphans = (await standings(kms, strangers)).filter(
    (key) => key.standing === 'usable' || (key.standing === 'missing' && made.some(isSame(key))),
  );
  return {
    now: now(),
    ring,
    isUsable: (key) => usable.some(isSame(key)),
    orphans: orphans.toSorted((a, b) => b.created_at - a.created_at),
    exists: (key) => tagged.some(isSame(key)),
  };
}

function standings<Key extends TaggedKey>(
  kms: KeysInKms,
  keys: readonly Key[],
): Promise<readonly (Key & KeyStanding)[]> {
  return Promise.all(keys.map(async (key) => ({ ...key, ...(await kms.standing(key)) })));
}

// KMS may not know a young key everywhere yet.
const isUsable = ({ standing, published_at }: RingKey & KeyStanding, now: number): boolean =>
  standing === 'usable' || (standing === 'missing' && now < published_at + kmsIsSlow);

const isSame =
  (key: TaggedKey) =>
  (other: TaggedKey): boolean =>
    other.key_id === key.key_id;

const unique = (keys: readonly TaggedKey[]): readonly TaggedKey[] => [
  ...new Map(keys.map((key) => [key.key_id, key])).values(),
];
