import type { JWK } from 'jose';
import { algorithmsFor } from '../functions/oauth/assertion-algorithms.ts';
import { maxTries } from '../functions/oauth/assertion-keys.ts';

/**
 * The keys without a kid that need one: of those that fit one algorithm, more are without a kid than are tried for a
 * signature, so that the last would verify nothing.
 */
export function bareKeysTooMany(keys: readonly JWK[]): ReadonlySet<JWK> {
  const bare = keys.filter(({ kid }) => kid === undefined);
  const fitOne = (key: JWK, other: JWK) =>
    algorithmsOf(key).some((alg) => algorithmsOf(other).includes(alg));
  return new Set(
    bare.filter((key) => bare.filter((other) => fitOne(key, other)).length > maxTries),
  );
}

const algorithmsOf = (key: JWK): readonly string[] =>
  key.alg === undefined ? algorithmsFor(key) : [key.alg];
