import { check } from '../conformance-case.ts';

/**
 * Decodes base64url as JOSE writes it: no padding, no other letters, no stray bits (RFC 7515 §2).
 * @throws Nonconformity
 */
export function octets(what: string, value: unknown): Buffer {
  check(typeof value === 'string' && value !== '', `${what} is no text`);
  const decoded = Buffer.from(value, 'base64url');
  check(decoded.toString('base64url') === value, `${what} is not base64url without padding`);
  return decoded;
}
