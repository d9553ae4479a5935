import type { KeySettings } from '../../functions/key-rotation/settings.ts';
import { type KeyRing, publishedKeys, type RingKey } from '../../functions/oauth/key-ring.ts';
import { mostPublished, publishLead, retention } from '../../functions/oauth/key-times.ts';
import type { ModelWorld } from './model-world.ts';

/** What must be true of every ring that was ever stored; gives a sentence for what was not. */
export function brokenInvariants({ history }: ModelWorld): readonly string[] {
  // Before the first key there is the plan of it.
  const started = history.filter(({ ring }) => ring.keys.length > 0);
  const emptied = history.slice(history.length - started.length).map(({ ring }) => ring.keys);
  if (emptied.some(({ length }) => length === 0)) return ['the ring was emptied'];
  return started.flatMap(({ ring, at }) => {
    const active = ring.keys.filter(({ state }) => state === 'active').length;
    const published = publishedKeys(ring).length;
    const kids = new Set(ring.keys.map(({ kid }) => kid)).size;
    return [
      ...(active === 1 ? [] : [`${active} active keys at ${at}`]),
      ...(published <= mostPublished ? [] : [`${published} published keys at ${at}`]),
      ...(kids === ring.keys.length ? [] : [`a key is in the ring twice at ${at}`]),
    ];
  });
}

/** What must be true of the changes that the schedule makes by itself. */
export function brokenPromises(
  { history }: ModelWorld,
  { rotationInterval }: KeySettings,
): readonly string[] {
  return history.flatMap(({ ring, at }, index) => {
    const before = history[index - 1]?.ring;
    if (!before) return [];
    return ring.keys.flatMap((key) => broken(key, before, at, rotationInterval));
  });
}

function broken(
  key: RingKey,
  before: KeyRing,
  at: number,
  rotationInterval: number,
): readonly string[] {
  const change = `${stateIn(before, key.kid)} -> ${key.state}`;
  const earliest: Readonly<Record<string, number>> = {
    'pending -> active': key.published_at + publishLead,
    'active -> retired': (key.activated_at ?? 0) + rotationInterval,
    'retired -> removed': (key.retired_at ?? 0) + retention,
  };
  const soonest = earliest[change] ?? (lawful.has(change) ? 0 : Number.POSITIVE_INFINITY);
  return at < soonest ? [`${key.kid} went ${change} at ${at}, not before ${soonest}`] : [];
}

/** A key that enters, one that stays as it is, and one that is not needed after all. */
const lawful = new Set([
  ...['pending', 'active', 'removed'].map((state) => `undefined -> ${state}`),
  ...['pending', 'active', 'retired', 'removed'].map((state) => `${state} -> ${state}`),
]);

const stateIn = ({ keys }: KeyRing, kid: string): string | undefined =>
  keys.find((key) => key.kid === kid)?.state;

/** Keys of others that we have touched: none was ever in the ring, and none is to be deleted. */
export function touched({ history, kms }: ModelWorld): readonly string[] {
  const foreign = [...kms.values()].filter((key) => key.foreign);
  const inRing = new Set(history.flatMap(({ ring }) => ring.keys).map(({ key_id }) => key_id));
  return [
    ...foreign.filter(({ key_id }) => inRing.has(key_id)).map(({ key_id }) => `${key_id} got in`),
    ...foreign
      .filter(({ state }) => state !== 'Enabled')
      .map(({ key_id, state }) => `${key_id} is ${state}`),
  ];
}

/**
 * Keys in KMS that cost money and belong to nobody, and ring entries whose key is not there. A key of
 * ours that a crash left behind, and whose id somebody has copied, is nobody's any more.
 */
export function leftBehind({ ring, kms, now }: ModelWorld): readonly string[] {
  const entries = new Map(ring.keys.map((key) => [key.key_id, key]));
  const copied = new Set([...kms.values()].filter((key) => key.foreign).map(({ plan }) => plan));
  const orphans = [...kms.values()]
    .filter(({ state, plan, foreign }) => state === 'Enabled' && !foreign && !copied.has(plan))
    .filter(({ key_id }) => entries.get(key_id)?.state === undefined)
    .map(({ key_id }) => `${key_id} is orphaned`);
  const undead = [...kms.values()]
    .filter(({ key_id, state }) => state === 'Enabled' && entries.get(key_id)?.state === 'removed')
    .map(({ key_id }) => `${key_id} was removed, and KMS keeps it`);
  const lost = ring.keys
    .filter(({ state }) => state !== 'removed')
    .filter(({ key_id, custody, wrapped_private_key }) => {
      if (custody === 'kms-wrapped') return wrapped_private_key === undefined;
      const key = kms.get(key_id);
      return !key || (key.deletes_at ?? Number.POSITIVE_INFINITY) <= now;
    })
    .map(({ kid }) => `${kid} is in the ring, and KMS has lost it`);
  const kept = ring.keys
    .filter(({ state, wrapped_private_key }) => state === 'removed' && wrapped_private_key)
    .map(({ kid }) => `${kid} was removed, and its private key is still in the ring`);
  return [...orphans, ...undead, ...lost, ...kept];
}

/** Revoked keys of which a token may be alive, and which the revocation list does not have. */
export const notNoted = ({ ring, noted, now }: ModelWorld): readonly string[] =>
  ring.keys
    .filter(({ revoked, removed_at = 0 }) => revoked && now < removed_at + retention)
    .map(({ kid }) => kid)
    .filter((kid) => !noted.has(kid));
