import type { KeyStanding, TaggedKey } from '../aws/keys-in-kms.ts';
import { isSigningAlgorithm, type SigningAlgorithmName } from '../aws/signing-algorithms.ts';
import type { KeyPlan, KeyRing } from '../oauth/key-ring.ts';
import { planOf, runsAreOver } from './key-plan.ts';

/** A key in KMS that one of our runs made, that can sign, and is not in the ring. */
export interface Orphan extends TaggedKey {
  readonly alg: SigningAlgorithmName;
  readonly created_at: number;
  /** Whether this very run has made it. Another's is deleted, and never let sign. */
  readonly isOwn: boolean;
}

/** A key with our tags that is none of ours, as far as we can tell. It is let alone. */
export interface Stranger {
  readonly key_id: string;
  /** Why it is not taken for ours. */
  readonly reason: string;
}

/** A key with our tags that is not in the ring. */
export type Found = TaggedKey & KeyStanding;

/** What the keys are judged by. */
export interface Known {
  readonly ring: KeyRing;
  /** All keys that can be found by our tag. */
  readonly tagged: readonly TaggedKey[];
  /** Keys that this run has made: KMS itself has told their ids. */
  readonly made: readonly TaggedKey[];
  readonly now: number;
}

/** Strangers that a run looks at: whoever can make keys can make thousands with our tags. */
const mostStrangers = 20;

/** Which keys to ask KMS about. */
interface Look {
  readonly worth: readonly TaggedKey[];
  /** How many others with our tags there are. */
  readonly leftOut: number;
}

/**
 * The keys to ask KMS about: all that may be ours, and of the others as many as an operator needs. Those that
 * show the id of a plan come first, since one of them is ours, and of these the ids that the fewest show.
 */
export function worthALook(keys: readonly TaggedKey[], known: Omit<Known, 'now'>): Look {
  const isPlanned = ({ plan }: TaggedKey) => planOf(known.ring, plan) !== undefined;
  const ours = new Set(
    keys.filter((key) => isMade(key, known) || (isPlanned(key) && !isCopied(key, known))),
  );
  const others = keys.filter((key) => !ours.has(key));
  const copies = others
    .filter(isPlanned)
    .toSorted((a, b) => withTheIdOf(a, known) - withTheIdOf(b, known));
  const ranked = [...new Set([...copies, ...others])];
  return {
    worth: [...ours, ...ranked.slice(0, mostStrangers)],
    leftOut: Math.max(0, ranked.length - mostStrangers),
  };
}

/** What becomes of a key; neither: there is nothing to do about it, or it is too soon to tell. */
interface Judgement {
  readonly orphan?: Orphan;
  readonly stranger?: Stranger;
}

/**
 * Tells a key that a crash left behind from one that somebody else has tagged as ours: a tag can be set
 * by anybody who may tag keys. A run knows the keys that it has made. Of another run's the ring has
 * a plan; its key is the only one that shows the plan's id, of the planned kind, and made when
 * the run was on. Two with one id: one of them is a copy, and neither is taken. As tags can be moved
 * besides, such a key is good enough to be deleted, and not to sign.
 */
export function judge(key: Found, known: Known): Judgement {
  const { ring, now } = known;
  if (isMade(key, known)) return ofThisRun(key);
  if (key.standing === 'missing' || key.standing === 'leaving') return {};
  const plan = planOf(ring, key.plan);
  const since = plan?.planned_at ?? key.created_at;
  if (now < since + runsAreOver) return {};
  if (key.standing === 'untold') return stranger(key, 'KMS does not let us ask what it is');
  if (!plan) return stranger(key, 'no plan of ours has the id in its tag');
  if (isCopied(key, known)) return stranger(key, 'another key shows the same id');
  if (!isAsPlanned(key, plan)) return stranger(key, 'it is not as it was planned');
  return orphan(key, { isOwn: false });
}

function ofThisRun(key: Found): Judgement {
  const mayBeUsable = ['usable', 'missing', 'untold'].includes(key.standing);
  return mayBeUsable ? orphan(key, { isOwn: true }) : {};
}

const isMade = ({ key_id }: TaggedKey, { made }: Pick<Known, 'made'>): boolean =>
  made.some((key) => key.key_id === key_id);

const isCopied = (key: TaggedKey, known: Pick<Known, 'tagged'>): boolean =>
  withTheIdOf(key, known) > 1;

/** How many keys show the same id. */
const withTheIdOf = ({ plan }: TaggedKey, { tagged }: Pick<Known, 'tagged'>): number =>
  tagged.filter((other) => other.plan === plan).length;

/** Seconds by which the clock of KMS may be behind ours. */
const clockSkew = 60;

function isAsPlanned({ alg, standing, created_at }: Found, plan: KeyPlan): boolean {
  const isInTime =
    created_at >= plan.planned_at - clockSkew && created_at <= plan.planned_at + runsAreOver;
  return alg === plan.alg && standing === 'usable' && isInTime;
}

const orphan = ({ alg, ...key }: Found, { isOwn }: Pick<Orphan, 'isOwn'>): Judgement =>
  isSigningAlgorithm(alg) ? { orphan: { ...key, alg, isOwn } } : {};

const stranger = ({ key_id }: Found, reason: string): Judgement => ({
  stranger: { key_id, reason },
});
