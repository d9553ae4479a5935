import * as v from 'valibot';
import {
  custodies,
  type KeyPlan,
  type KeyRing,
  keyStates,
  type RingKey,
} from '../oauth/key-ring.ts';
import { hasSecretMember, type PublicJwk } from '../oauth/public-jwk.ts';
import { type Item, maybe, parseItem } from './item.ts';

/** The key of the one item with all signing keys: a change of several of them is one write. */
export const keyRingKey = { pk: 'signing-keys' } as const;

/** Writes a key ring as the plain record that is marshalled into its item. */
export function keyRingItem(ring: KeyRing): Item {
  return { ...keyRingKey, ...ring };
}

/**
 * Reads a key ring from its item; without one it is the empty ring.
 * @throws Error when the item is not one that we wrote; see parseItem
 */
export function parseKeyRing(item: Item | undefined): KeyRing {
  return item === undefined ? { keys: [], revision: 0 } : parseItem(keyRingSchema, item);
}

const numericDate = v.number();

// The JWK is published as it stands, so it must be what it says, and public.
const jwkSchema: v.GenericSchema<unknown, PublicJwk> = v.pipe(
  v.looseObject({
    kty: v.string(),
    kid: v.string(),
    alg: v.string(),
    use: v.literal('sig'),
  }),
  v.check((jwk) => !hasSecretMember(jwk)),
);

const ringKeySchema: v.GenericSchema<unknown, RingKey> = v.pipe(
  v.object({
    kid: v.string(),
    key_id: v.string(),
    // Absent in rings of releases that had no wrapped keys.
    custody: v.optional(v.picklist(custodies), 'kms'),
    wrapped_private_key: maybe(v.string()),
    alg: v.string(),
    jwk: jwkSchema,
    state: v.picklist(keyStates),
    published_at: numericDate,
    activated_at: maybe(numericDate),
    retired_at: maybe(numericDate),
    removed_at: maybe(numericDate),
    revoked: v.optional(v.boolean(), false),
    deletes_at: maybe(numericDate),
    token_role: maybe(v.string()),
  }),
  v.forward(
    v.check(({ kid, alg, jwk }) => jwk.kid === kid && jwk.alg === alg),
    ['jwk'],
  ),
);

const planSchema: v.GenericSchema<unknown, KeyPlan> = v.object({
  id_hash: v.string(),
  alg: v.string(),
  planned_at: numericDate,
});

// Unknown members are ignored: a deployment changes the functions one by one, and the old token
// function reads what the new key rotation writes.
const keyRingSchema: v.GenericSchema<unknown, KeyRing> = v.object({
  keys: v.array(ringKeySchema),
  plans: maybe(v.array(planSchema)),
  revision: v.number(),
});
