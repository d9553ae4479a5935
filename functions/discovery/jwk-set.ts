import { type KeyRing, type KeyState, publishedKeys } from '../oauth/key-ring.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import type { PublicJwk } from '../oauth/public-jwk.ts';

// The active key first: some verifiers take the first key, whatever `kid` the token names.
const order: readonly KeyState[] = ['active', 'pending', 'retired'];

/**
 * The JWK Set (RFC 7517 §5): the active key, pending ones, and retired ones, whose tokens may still live.
 * @throws RetryLater 503 while there is no key at all: an empty set would refuse every token.
 */
export function jwkSet(ring: KeyRing): { readonly keys: readonly PublicJwk[] } {
  const published = publishedKeys(ring);
  if (published.length === 0) throw unavailable('the key ring has no published key');
  const sorted = published.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return { keys: sorted.map(({ jwk }) => jwk) };
}

/** The algorithms of the published keys (RFC 7518 §3.1), that of the active one first. */
export function signingAlgorithms(ring: KeyRing): readonly string[] {
  return [...new Set(jwkSet(ring).keys.map(({ alg }) => alg))];
}
