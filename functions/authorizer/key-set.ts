import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import QuickLRU from 'quick-lru';
import { readPublicKey } from '../oauth/foreign-key.ts';
import { hasSecretMember, saidMembers } from '../oauth/public-jwk.ts';
import {
  type SignatureAlgorithm,
  signatureAlgorithms,
  type Verify,
} from '../oauth/signature-algorithms.ts';
import type { AccessToken } from './claims.ts';

/** The issuer's public keys as fetched once, and the tokens that they have verified. */
export interface KeySet {
  /** kid -> JOSE algorithm -> the key that has both; undefined: more than one has, and none of them counts. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, Verify | undefined>>;
  /** SHA-256 of a token -> its claims. A new key set starts empty, so that tokens of a removed key are refused. */
  readonly verified: QuickLRU<string, AccessToken>;
  /** The keys as JSON, by which two sets are compared. */
  readonly content: string;
}

type NamedJwk = JWK & { readonly kid: string };

/**
 * Reads a JWK Set (RFC 7517 §5). Keys without a `kid`, keys that are not public and weak ones are
 * left out, each by itself: an issuer's keys verify what anybody sends, too.
 * @returns `previous` when the keys are still the same.
 * @throws Error when the document is not a JWK Set.
 */
export function parseKeySet(document: object, previous: KeySet | undefined): KeySet {
  const listed = 'keys' in document && Array.isArray(document.keys) ? document.keys : undefined;
  if (listed === undefined) throw new Error('the JWK Set has no keys member');
  const jwks = listed.filter(isPublicKey);
  const content = JSON.stringify(jwks);
  if (content === previous?.content) return previous;
  return { keys: keysOf(jwks), verified: new QuickLRU({ maxSize: 1000 }), content };
}

const isPublicKey = (key: unknown): key is NamedJwk =>
  typeof key === 'object' &&
  key !== null &&
  'kid' in key &&
  typeof key.kid === 'string' &&
  !hasSecretMember(key);

function keysOf(jwks: readonly NamedJwk[]): KeySet['keys'] {
  const keys = new Map<string, Map<string, Verify | undefined>>();
  for (const jwk of jwks) {
    const said = saidMembers(jwk);
    const key = readKey(said);
    if (key === undefined) continue;
    const named = keys.get(jwk.kid) ?? new Map<string, Verify | undefined>();
    for (const [alg, { verifier }] of algorithmsFor(said)) {
      named.set(alg, named.has(alg) ? undefined : verifier(key));
    }
    keys.set(jwk.kid, named);
  }
  return keys;
}

/** Reads a key, unless it is weak, or of a type that this Node does not know: ML-DSA before 24.7. */
function readKey(jwk: JWK): KeyObject | undefined {
  const key = readPublicKey({ ...jwk });
  if (typeof key !== 'string') return key;
  if (key !== 'type') return undefined;
  const { kty, alg, pub } = jwk;
  try {
    return createPublicKey({ key: { kty, alg, pub } as JsonWebKey, format: 'jwk' });
  } catch {
    return undefined;
  }
}

const algorithms: readonly (readonly [string, SignatureAlgorithm])[] =
  Object.entries(signatureAlgorithms);

/** The algorithms by which a key may verify signatures (RFC 7517 §4.1 to §4.4, RFC 9964 §3). */
function algorithmsFor(jwk: JWK): typeof algorithms {
  const { use = 'sig', key_ops = ['verify'], ext = true } = jwk;
  const isForVerifying = Array.isArray(key_ops) && key_ops.includes('verify') && use === 'sig';
  if (!isForVerifying || typeof ext !== 'boolean') return [];
  return algorithms.filter(([alg, entry]) => isFor(jwk, alg, entry));
}

const isFor = (jwk: JWK, alg: string, { kty, crv }: SignatureAlgorithm): boolean =>
  jwk.kty === kty &&
  (crv === undefined || jwk.crv === crv) &&
  (jwk.alg === undefined ? kty !== 'AKP' : jwk.alg === alg);
