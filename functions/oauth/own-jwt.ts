import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { CachedKeyRing } from './cached-key-ring.ts';
import { type KeyRing, publishedKeys } from './key-ring.ts';
import { verificationProblem } from './verification-problem.ts';

/** What this server has signed, whatever it is. */
export interface OwnJwt {
  /** What it is (RFC 8725 §3.11). */
  readonly typ: string | undefined;
  readonly kid: string;
  readonly claims: unknown;
}

/**
 * Verifies a JWT with the published keys of this server (RFC 7515 §5.2), those that sign no more among them. A ring
 * that was cached a moment ago may lack the key that signs by now: where it does not verify a JWT, the ring is read
 * once more. Its claims are for whoever knows what it should be.
 * @returns why it is none of ours, for the log and without anything of it
 * @throws RetryLater 503 when that cannot be told, since the key ring cannot be read
 */
export async function readOwnJwt(jwt: string, keyRing: CachedKeyRing): Promise<OwnJwt | string> {
  if (!isWellWritten(jwt)) return 'the token is not written as a JWT is';
  const { ring } = await keyRing.current();
  const read = await readByRing(jwt, ring);
  if (typeof read !== 'string') return read;
  const now = await keyRing.reread();
  return now.ring.revision === ring.revision ? read : await readByRing(jwt, now.ring);
}

async function readByRing(jwt: string, ring: KeyRing): Promise<OwnJwt | string> {
  const { keys, algorithms } = verifyingKeys(ring);
  try {
    const { payload, protectedHeader } = await compactVerify(jwt, keys, { algorithms });
    const { typ, kid } = protectedHeader;
    // All of ours name their key.
    if (kid === undefined) return 'the JWT names no key (kid)';
    return { typ, kid, claims: JSON.parse(new TextDecoder().decode(payload)) };
  } catch (error) {
    return verificationProblem(error);
  }
}

/** RFC 7515 §2: no white space, no padding and no spare bits, all of which jose overlooks. A JWT has one text only. */
const isWellWritten = (jwt: string): boolean =>
  jwt.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

interface VerifyingKeys {
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  readonly algorithms: string[];
}

/** A ring -> its keys, imported. A ring is cached as one object for as long as it is not read again. */
const imported = new WeakMap<KeyRing, VerifyingKeys>();

function verifyingKeys(ring: KeyRing): VerifyingKeys {
  const cached = imported.get(ring) ?? importKeys(ring);
  imported.set(ring, cached);
  return cached;
}

function importKeys(ring: KeyRing): VerifyingKeys {
  const jwks = publishedKeys(ring).map(({ jwk }) => jwk);
  return {
    keys: createLocalJWKSet({ keys: jwks } as JSONWebKeySet),
    algorithms: jwks.map(({ alg }) => alg),
  };
}
