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

/**
 * The form in which a secret is stored: `sha256:` and the base64url digest. A fast hash is
 * right for 256 random bits; with a slow one, wrong secrets could keep the endpoint busy.
 */
export function hashClientSecret(secret: string): string {
  return `sha256:${digest(secret).toString('base64url')}`;
}

/** Compares a secret with a stored hash in constant time; an unknown hash format never matches. */
export function matchesClientSecret(secret: string, stored: string): boolean {
  const expected = Buffer.from(stored.replace(/^sha256:/, ''), 'base64url');
  const actual = digest(secret);
  return expected.length === actual.length && timingSafeEqual(actual, expected);
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

const checksum = (random: string): string =>
  digest(prefix + random)
    .toString('base64url')
    .slice(0, 6);
