import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newClientSecret } from '../../functions/oauth/client-secret.ts';
import { leastStrength, secretStrength } from '../../registry/secret-strength.ts';

/** Bytes that look random, and are the same in each run. */
const bytes = (seed: number, length: number): Buffer =>
  createHash('sha512').update(String(seed)).digest().subarray(0, length);
const seeds = Array.from({ length: 300 }, (_, index) => index);

const base32 = (from: Buffer): string =>
  [...from].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte % 32)).join('');
const small = (from: Buffer): string =>
  [...from].map((byte) => 'abcdefghijklmnopqrstuvwxyz'.charAt(byte % 26)).join('');

describe('a secret that was made at random', () => {
  test('has all of its bits, though by chance its letters follow each other as in English', () => {
    expect(secretStrength('INoie0N4tb3insAP8zpAHERNAedNfn13KatDroNw_eY')).toBeGreaterThanOrEqual(
      leastStrength,
    );
  });

  test.each<[string, (seed: number) => string, number]>([
    ['32 bytes in base64url', (seed) => bytes(seed, 32).toString('base64url'), 200],
    ['24 bytes in base64', (seed) => bytes(seed, 24).toString('base64'), 150],
    ['32 bytes in hexadecimal', (seed) => bytes(seed, 32).toString('hex'), 190],
    ['16 bytes in hexadecimal', (seed) => bytes(seed, 16).toString('hex'), 128],
    ['32 characters of base32', (seed) => base32(bytes(seed, 32)), 128],
    ['40 small letters', (seed) => small(bytes(seed, 40)), 128],
  ])('of %s is strong enough, each of 300', (_, make, least) => {
    const bits = seeds.map((seed) => secretStrength(make(seed), ['billing']));
    expect(Math.min(...bits)).toBeGreaterThanOrEqual(least);
  });

  test('has no more bits than its characters can have', () => {
    expect(secretStrength(bytes(1, 16).toString('hex'))).toBeLessThanOrEqual(128);
    expect(secretStrength(randomBytes(8).toString('hex'))).toBeLessThanOrEqual(64);
    expect(secretStrength(randomUUID())).toBe(122);
  });

  test('by us is strong enough', () => {
    expect(secretStrength(newClientSecret())).toBeGreaterThanOrEqual(leastStrength);
  });
});

describe('a secret is too weak', () => {
  test.each([
    ['that is short', 'gX1fBat3bV', 70],
    ['that is the client_id', 'billing-service-of-the-finance-department', 20],
    ['that is the client_id twice', 'billing-service-of-the-finance-departmentBILLING', 40],
    ['that is one character', 'a'.repeat(200), 20],
    ['that is one short text again and again', 'xK9_'.repeat(40), 40],
    ['that is one long text twice', `${'x7Kp2mQz9LwR4tYv'.repeat(2)}`, 105],
    ['that is a run', 'abcdefghijklmnopqrstuvwxyz0123456789', 60],
    ['that is rows of a keyboard', 'qwertyuiopasdfghjklzxcvbnm'.repeat(2), 60],
    ['that is words in disguise', 'P@ssw0rdS3cr3tW3lc0m3Ch4ngem3T3stT3st', 60],
    ['that is English', 'thereisnothingtoseeherepleasemovealongtothenextone', 128],
    ['that is English with spaces', 'correct horse battery staple and another sentence', 128],
    ['of few different characters', '0101101001011010010110100101101001011010', 41],
    ['that is empty', '', 1],
  ])('%s', (_, secret, below) => {
    const related = ['billing-service-of-the-finance-department'];
    expect(secretStrength(secret, related)).toBeLessThan(below);
  });
});
