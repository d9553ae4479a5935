import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

// Unreserved characters only (RFC 3986 §2.3), so that form-encoding a secret changes nothing.
const prefix = 'countersign_';

/**
 * Makes a client secret: a prefix and a checksum that let a scanner recognise a leak, and
 * 256 random bits between them (RFC 6749 §10.10). The checksum is the first six characters of
 * the base64url SHA-256 of what stands before it.
 */
export function newClientSecret(): string {
  const random = randomBytes(32).toString('base64url');
  return `${prefix}${random}${checksum(random)}`;
}

/** Whether a text is a secret that newClientSecret can have made. */
export function isNewClientSecret(text: string): boolean {
  const [, random, sum] = /^countersign_([\w-]{43})([\w-]{6})$/.exec(text) ?? [];
  return random !== undefined && checksum(random) === sum;
}

/**
 * The form in which a secret is stored: `sha256:` and the base64url digest. A fast hash is
 * right for 256 random bits; with a slow one, wrong secrets could keep the endpoint busy.
 */
export function hashClientSecret(secret: string): string {
  return `sha256:${hash('sha256', secret, 'base64url')}`;
}

/** What stands before a foreign hash of a secret where it is stored; imported-hash.ts reads what follows. */
export const importedPrefix = 'imported:';

/** Whether a secret has a stored hash; see indexOfClientSecret. */
export const matchesClientSecret = (secret: string, stored: string): boolean =>
  indexOfClientSecret(secret, [stored]) === 0;

/**
 * Which of the stored hashes a secret has; -1: none. All of them are compared, each in constant time, also
 * after a match, and the secret is hashed once: the time must not tell how many there are, nor which one it
 * was. An unknown hash format never matches.
 */
export function indexOfClientSecret(secret: string, stored: readonly string[]): number {
  const actual = Buffer.from(hashClientSecret(secret));
  const matches = stored.map((hash) => {
    const expected = Buffer.from(hash);
    return expected.length === actual.length && timingSafeEqual(actual, expected);
  });
  return matches.indexOf(true);
}

const checksum = (random: string): string =>
  hash('sha256', prefix + random, 'base64url').slice(0, 6);
