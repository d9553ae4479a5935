import { generateKeyPairSync } from 'node:crypto';
import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';
import type { KeyRotation, KeySettings } from '../../functions/key-rotation/settings.ts';
import type { KeyRing } from '../../functions/oauth/key-ring.ts';
import { type PublicJwk, publicJwk } from '../../functions/oauth/public-jwk.ts';

/** A key in the KMS of a model. */
interface ModelKey {
  readonly key_id: string;
  readonly alg: SigningAlgorithmName;
  readonly created_at: number;
  /** Seconds until its tag can be found. */
  readonly lag: number;
  /** The id in its tag. */
  readonly plan: string;
  /** Whether somebody else made it, and tagged it as ours. */
  readonly foreign: boolean;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  deletes_at: number | undefined;
}

/** What becomes of a run at its next call: it goes on, or it dies before or after the effect. */
export type Fate = 'go' | 'die before' | 'die after';

/** The key that wraps key pairs; it is always enabled. */
const wrapping: ModelKey = {
  key_id: 'wrapping',
  alg: 'RS256',
  created_at: 0,
  lag: 0,
  plan: '',
  foreign: false,
  state: 'Enabled',
  deletes_at: undefined,
};

/** Waits until the test decides what becomes of the run, and says it. */
export type Turn = () => Promise<Fate>;

/** A run that died: nothing more happens in it. */
export class Death extends Error {
  override readonly name = 'Death';
}

/** The turns of one run: after its death it has none, whatever it tries. */
function mortal(turn: Turn): Turn {
  const life = { isOver: false };
  return async () => {
    if (life.isOver) throw new Death();
    const fate = await turn();
    life.isOver = fate !== 'go';
    return fate;
  };
}

/**
 * A registry and a KMS in memory, whose calls each are one indivisible step. KMS is slow to know
 * new keys, by their id and by their tag, as the real one is.
 */
export function modelWorld(settings: KeySettings, lag: number) {
  const world = {
    now: 1_700_000_000,
    ring: { keys: [], revision: 0 } as KeyRing,
    /** Every ring that was ever stored, with the time. */
    history: [] as { readonly ring: KeyRing; readonly at: number }[],
    kms: new Map<string, ModelKey>(),
    /** Each kid that was noted as revoked. */
    noted: new Set<string>(),
    /** Key pairs that were wrapped. */
    wrapped: 0,
    /** Ids of plans. */
    ids: 0,
    calls: 0,
    deaths: 0,
    /** Why keys have changed. */
    reasons: new Set<string>(),
  };
  const key = (key_id: string): ModelKey | undefined => {
    const found = key_id === wrapping.key_id ? wrapping : world.kms.get(key_id);
    const isGone = found?.deletes_at !== undefined && found.deletes_at <= world.now;
    return isGone ? undefined : found;
  };

  const make = (of: Pick<ModelKey, 'alg' | 'plan' | 'foreign'>): string => {
    const key_id = `kms-${world.kms.size + 1}`;
    // The tags of another's key may be found sooner.
    const made = { ...of, key_id, created_at: world.now, lag: of.foreign ? 0 : lag };
    world.kms.set(key_id, { ...made, state: 'Enabled', deletes_at: undefined });
    return key_id;
  };

  /** The ports of one run; each call waits for its turn. */
  const rotation = (turn: Turn): KeyRotation => {
    const next = mortal(turn);
    const step = async <Result>(effect: () => Result): Promise<Result> => {
      const fate = await next();
      world.calls += 1;
      if (fate !== 'go') world.deaths += 1;
      if (fate === 'die before') throw new Death();
      const result = effect();
      if (fate === 'die after') throw new Death();
      return result;
    };
    return {
      settings,
      now: () => world.now,
      newPlanId: () => {
        world.ids += 1;
        return `plan-${world.ids}`;
      },
      audit: ({ outcome, reason }) => outcome === 'changed' && world.reasons.add(String(reason)),
      keyRing: {
        load: () => step(() => world.ring),
        store: (ring) =>
          step(() => {
            if (ring.revision !== world.ring.revision + 1) return false;
            world.ring = ring;
            world.history.push({ ring, at: world.now });
            return true;
          }),
      },
      revocations: { note: ({ id }) => step(() => void world.noted.add(id)) },
      kms: {
        create: (alg, plan) => step(() => make({ alg, plan, foreign: false })),
        setPolicy: () => step(() => undefined),
        wrapKeyPair: (alg) =>
          step(() => {
            world.wrapped += 1;
            const jwk = modelJwk(`wrapped-${world.wrapped}`, alg);
            const custody = 'kms-wrapped' as const;
            return { key_id: wrapping.key_id, custody, wrapped_private_key: 'd3JhcHBlZA==', jwk };
          }),
        publicJwk: (key_id, alg) => step(() => modelJwk(key_id, alg)),
        standing: ({ key_id }) =>
          step(() => {
            const found = key(key_id);
            // KMS does not know at once what it has made; the tags take twice as long.
            const isKnown = found && world.now >= found.created_at + found.lag / 2;
            if (!isKnown) return { standing: 'missing', created_at: 0 };
            const standing = found.state === 'Enabled' ? 'usable' : 'unusable';
            return { standing, created_at: found.created_at };
          }),
        tagged: () =>
          step(() =>
            [...world.kms.keys()]
              .flatMap((key_id) => key(key_id) ?? [])
              .filter((found) => world.now >= found.created_at + found.lag)
              .map(({ key_id, alg, plan }) => ({ key_id, alg, plan })),
          ),
        scheduleDeletion: (key_id) =>
          step(() => {
            const found = key(key_id);
            // A key that is not found by its tag yet is one that KMS may not know yet.
            if (!found || world.now < found.created_at + found.lag) return undefined;
            found.state = 'PendingDeletion';
            found.deletes_at ??= world.now + 30 * 86_400;
            return found.deletes_at;
          }),
      },
    };
  };
  return { world: Object.assign(world, { make }), rotation };
}

export type ModelWorld = ReturnType<typeof modelWorld>['world'];

// All keys have the members of one real key: the life cycle does not look at them.
const { publicKey } = generateKeyPairSync('ed25519');
const members = await publicJwk(publicKey.export({ type: 'spki', format: 'der' }), 'Ed25519');
const modelJwk = (kid: string, alg: string): PublicJwk => ({ ...members, kid, alg });
