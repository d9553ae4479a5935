import type { RingKey } from '../../functions/oauth/key-ring.ts';

/** A good active key of a ring; the test says what is special about its own. */
export function aRingKey(special: Partial<RingKey> = {}): RingKey {
  const kid = special.kid ?? 'a-kid';
  const alg = special.alg ?? 'RS256';
  return {
    kid,
    key_id: `kms-${kid}`,
    custody: 'kms',
    wrapped_private_key: undefined,
    alg,
    jwk: { kty: 'RSA', use: 'sig', n: 'AQAB', e: 'AQAB', kid, alg },
    state: 'active',
    published_at: 1_700_000_000,
    activated_at: undefined,
    retired_at: undefined,
    removed_at: undefined,
    revoked: false,
    deletes_at: undefined,
    token_role: 'arn:aws:iam::111122223333:role/token',
    ...special,
  };
}
