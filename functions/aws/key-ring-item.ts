import {
  type Custody,
  custodies,
  type KeyRing,
  type KeyState,
  type RingKey,
} from '../oauth/key-ring.ts';
import { hasSecretMember, type PublicJwk } from '../oauth/public-jwk.ts';
import {
  type Item,
  list,
  malformed,
  number,
  oneOf,
  optionalNumber,
  optionalText,
  record,
  text,
} from './item.ts';
import { registryKey } from './registry-items.ts';

const states: readonly KeyState[] = ['pending', 'active', 'retired', 'removed'];

/** Writes a key ring as the plain record that is marshalled into its item. */
export function keyRingItem(ring: KeyRing): Item {
  return { ...registryKey.signingKeys(), ...ring };
}

/**
 * Reads a key ring from its item; without one it is the empty ring.
 * @throws Error when the item is not one that we wrote.
 */
export function parseKeyRing(item: Item | undefined): KeyRing {
  if (item === undefined) return { keys: [], revision: 0 };
  return {
    keys: list(item, 'keys').map((key) => parseKey(record(key, 'keys'))),
    revision: number(item, 'revision'),
  };
}

function parseKey(item: Item): RingKey {
  const [kid, alg] = [text(item, 'kid'), text(item, 'alg')];
  return {
    kid,
    key_id: text(item, 'key_id'),
    custody: parseCustody(item),
    wrapped_private_key: optionalText(item, 'wrapped_private_key'),
    alg,
    jwk: parseJwk(record(item.jwk, 'jwk'), { kid, alg }),
    state: oneOf(item, 'state', states),
    published_at: number(item, 'published_at'),
    activated_at: optionalNumber(item, 'activated_at'),
    retired_at: optionalNumber(item, 'retired_at'),
    removed_at: optionalNumber(item, 'removed_at'),
    revoked: item.revoked === true,
    deletes_at: optionalNumber(item, 'deletes_at'),
  };
}

/** Keys that were written before there were wrapped ones are in KMS. */
function parseCustody(item: Item): Custody {
  return item.custody === undefined ? 'kms' : oneOf(item, 'custody', custodies);
}

/** The JWK goes out as it stands, so it must be what it says, and public. */
function parseJwk(jwk: Item, { kid, alg }: { kid: string; alg: string }): PublicJwk {
  if (jwk.kid !== kid || jwk.alg !== alg || hasSecretMember(jwk)) return malformed('jwk');
  return { ...jwk, kty: text(jwk, 'kty'), kid, alg, use: oneOf(jwk, 'use', ['sig']) };
}
