import {
  type AskedKey,
  type KeyStanding,
  type KeysInKms,
  kmsIsSlow,
  type TaggedKey,
} from '../aws/keys-in-kms.ts';
import type { KeyRing, RingKey } from '../oauth/key-ring.ts';
import { planOf } from './key-plan.ts';
import { judge, type Orphan, type Stranger, worthALook } from './left-behind.ts';
import type { KeyRotation } from './settings.ts';

/** An id that this run has written into the ring by its hash, for a key that it has not made yet. */
export interface Planned {
  readonly id: string;
  readonly alg: string;
}

/** What a run has done so far. */
export interface Doings {
  /** Keys that it has made, which may not be found by their tag yet. */
  readonly made: readonly TaggedKey[];
  readonly planned: readonly Planned[];
}

/** What the ring and KMS have, and when we looked (NumericDate). */
export interface Observation {
  readonly now: number;
  readonly ring: KeyRing;
  /** Whether KMS can sign with a key of the ring. */
  readonly isUsable: (key: RingKey) => boolean;
  /** Keys that crashes left behind, and what this run has made for nothing yet, the newest first. */
  readonly orphans: readonly Orphan[];
  /** Keys that others have tagged as ours. */
  readonly strangers: readonly Stranger[];
  /** How many keys with our tags were not looked at, since there are so many. */
  readonly leftOut: number;
  /** Keys of the JWK Set of which KMS does not let us ask how they stand. */
  readonly untold: readonly RingKey[];
  /** What this run can make keys by. */
  readonly planned: readonly Planned[];
  /** Whether KMS still has a key of the ring, as far as its tags tell. */
  readonly exists: (key: RingKey) => boolean;
}

/** Looks at the ring and at KMS. */
export async function observe(
  { keyRing, kms, now }: KeyRotation,
  { made, planned }: Doings,
): Promise<Observation> {
  const ring = await keyRing.load();
  const tagged = await kms.tagged();
  const published = ring.keys.filter(({ state }) => state !== 'removed');
  const living = await standings(kms, published);
  const usable = living.filter((key) => isUsable(key, now()));
  const inRing = new Set(ring.keys.map(({ key_id }) => key_id));
  const others = unique([...tagged, ...made]).filter(
    // A wrapping key has our tag, too, and is for no algorithm, and by no plan.
    ({ key_id, alg, plan }) => !inRing.has(key_id) && (alg !== '' || plan !== ''),
  );
  const known = { ring, tagged, made, now: now() };
  const { worth, leftOut } = worthALook(others, known);
  const looked = await standings(kms, worth);
  const judged = looked.map((key) => judge(key, known));
  const orphans = judged.flatMap(({ orphan }) => orphan ?? []);
  return {
    now: now(),
    ring,
    isUsable: (key) => usable.some(isSame(key)),
    orphans: orphans.toSorted((a, b) => b.created_at - a.created_at),
    strangers: judged.flatMap(({ stranger }) => stranger ?? []),
    leftOut,
    untold: living.filter(({ standing }) => standing === 'untold'),
    planned: planned.filter(({ id }) => planOf(ring, id) !== undefined),
    exists: (key) => tagged.some(isSame(key)),
  };
}

function standings<Key extends AskedKey>(
  kms: KeysInKms,
  keys: readonly Key[],
): Promise<readonly (Key & KeyStanding)[]> {
  return Promise.all(keys.map(async (key) => ({ ...key, ...(await kms.standing(key)) })));
}

/** KMS may not know a young key everywhere yet. What is not told changes nothing: no other key takes its place. */
function isUsable({ standing, state, published_at }: RingKey & KeyStanding, now: number): boolean {
  if (standing === 'missing') return now < published_at + kmsIsSlow;
  return standing === 'usable' || (standing === 'untold' && state !== 'retired');
}

const isSame =
  (key: AskedKey) =>
  (other: AskedKey): boolean =>
    other.key_id === key.key_id;

const unique = (keys: readonly TaggedKey[]): readonly TaggedKey[] => [
  ...new Map(keys.map((key) => [key.key_id, key])).values(),
];
