import { describe, expect, it } from 'vitest';
import { readImportedHash } from '../../functions/oauth/imported-hash.ts';

const bytes = (length: number): string =>
  Buffer.alloc(length, 7).toString('base64').replace(/=+$/, '');
const bcrypt = (begin: string): string => `${begin}$abcdefghijklmnopqrstuu${'x'.repeat(31)}`;
const argon2 = (parameters: string, salt = bytes(16), digest = bytes(32)): string =>
  `$argon2id$v=19$${parameters}$${salt}$${digest}`;
const pbkdf2 = (i: number, l = 32, hash = 'sha256'): string =>
  `$pbkdf2-${hash}$i=${i},l=${l}$${bytes(16)}$${bytes(l)}`;

describe('a foreign hash is read', () => {
  it.each([
    ['$2a$04', 4],
    ['$2b$10', 10],
    ['$2y$14', 14],
  ])('of bcrypt, %s', (begin, cost) => {
    expect(readImportedHash(bcrypt(begin))).toMatchObject({ format: 'bcrypt', cost });
  });

  it('of bcrypt, with the bytes that its own base64 says', () => {
    // The first vector of OpenBSD's and of jBCrypt's tests.
    const read = readImportedHash('$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.');
    expect(read).toMatchObject({
      salt: Buffer.from('144b3d691a7b4ecf39cf735c7fa7a79c', 'hex'),
      digest: Buffer.from('557e94f34bf286e8719a26be94ac1e16d95ef9f819dee0', 'hex'),
    });
  });

  it.each(['id', 'i', 'd'])('of argon2%s', (kind) => {
    const text = argon2('m=65536,t=3,p=4').replace('argon2id', `argon2${kind}`);
    expect(readImportedHash(text)).toEqual({
      format: `argon2${kind}`,
      memory: 65_536,
      passes: 3,
      lanes: 4,
      salt: Buffer.alloc(16, 7),
      digest: Buffer.alloc(32, 7),
    });
  });

  it.each([
    ['sha1', 20],
    ['sha256', 32],
    ['sha512', 64],
  ])('of PBKDF2 with %s', (hash, l) => {
    expect(readImportedHash(pbkdf2(25_000, l, hash))).toEqual({
      format: `pbkdf2-${hash}`,
      iterations: 25_000,
      salt: Buffer.alloc(16, 7),
      digest: Buffer.alloc(l, 7),
    });
  });

  it.each([
    ['sha256', 32, 0],
    ['sha256', 32, 8],
    ['sha512', 64, 16],
  ])('of %s, with a digest of %s bytes and a salt of %s', (format, digest, salt) => {
    expect(readImportedHash(`$${format}$${bytes(salt)}$${bytes(digest)}`)).toEqual({
      format,
      salt: Buffer.alloc(salt, 7),
      digest: Buffer.alloc(digest, 7),
    });
  });

  it.each([
    ['the most memory of argon2', argon2('m=65536,t=4,p=16')],
    ['the most passes of argon2', argon2('m=8192,t=32,p=1')],
    ['the least memory for the lanes of argon2', argon2('m=128,t=1,p=16')],
    ['the most iterations of PBKDF2', pbkdf2(1_000_000)],
    ['the most rounds of PBKDF2', pbkdf2(1_000_000, 64)],
    ['the shortest digest', argon2('m=8,t=1,p=1', bytes(8), bytes(16))],
    ['the longest salt', argon2('m=8,t=1,p=1', bytes(64))],
  ])('at a bound: %s', (_, text) => {
    expect(readImportedHash(text)).toBeTypeOf('object');
  });
});

describe('a foreign hash is refused, in a sentence,', () => {
  it.each([
    ['of another kind', '$scrypt$ln=15,r=8,p=1$abcd$abcd', /^a hash begins with one of /],
    ['of nothing', '', /^a hash begins with/],
    ['of crypt_blowfish with its old fault', bcrypt('$2x$10'), /^a hash begins with/],
    [
      'of bcrypt that costs too much',
      bcrypt('$2b$15'),
      /^the cost of bcrypt must be from 4 to 14$/,
    ],
    ['of bcrypt that costs too little', bcrypt('$2b$03'), /^the cost of bcrypt must be/],
    ['of bcrypt that is too short', bcrypt('$2b$10').slice(0, -1), /is written \$2b\$<cost>/],
    ['of bcrypt that is too long', `${bcrypt('$2b$10')}x`, /is written/],
    ['with a line feed after it', `${bcrypt('$2b$10')}\n`, /is written/],
    ['of an older argon2', argon2('m=8,t=1,p=1').replace('v=19', 'v=16'), /v=19/],
    ['of argon2 with other parameters', argon2('m=8,t=1,p=1,keyid=aa'), /is written \$argon2id/],
    ['with a number that begins with 0', argon2('m=08,t=1,p=1'), /is written/],
    ['with too much memory', argon2('m=65537,t=1,p=1'), /memory of argon2 .* from 8 to 65536$/],
    ['with too many passes', argon2('m=8,t=33,p=1'), /passes of argon2 /],
    ['with too many lanes', argon2('m=65536,t=1,p=17'), /lanes of argon2/],
    ['with too much memory for all passes', argon2('m=65536,t=5,p=1'), /\(m times t\)/],
    ['with too little memory for the lanes', argon2('m=127,t=1,p=16'), /8 KiB a lane/],
    ['with a short salt of argon2', argon2('m=8,t=1,p=1', bytes(7)), /a salt of argon2/],
    ['with a long salt', argon2('m=8,t=1,p=1', bytes(65)), /the salt must have 0 to 64 bytes/],
    ['with a short digest', argon2('m=8,t=1,p=1', bytes(16), bytes(15)), /the digest must have 16/],
    ['with a long digest', pbkdf2(1, 65), /the digest must have 16 to 64 bytes/],
    ['with padding', argon2('m=8,t=1,p=1', `${bytes(16)}==`), /the salt is not base64/],
    ['in base64url', argon2('m=8,t=1,p=1', '-_-_-_-_-_-_-_-_'), /the salt is not base64/],
    [
      'with bits that say nothing',
      argon2('m=8,t=1,p=1', `${bytes(16).slice(0, -1)}x`),
      /not base64/,
    ],
    ['of PBKDF2 with too many iterations', pbkdf2(1_000_001), /from 1 to 1000000$/],
    ['of PBKDF2 with too many rounds', pbkdf2(500_001, 64, 'sha1'), /rounds of PBKDF2/],
    ['of PBKDF2 with another length', pbkdf2(1).replace('l=32', 'l=31'), /than l says/],
    ['of PBKDF2 with another hash', pbkdf2(1, 32, 'md5'), /^a hash begins/],
    ['of a digest of another hash', `$sha256$$${bytes(64)}`, /^a digest of sha256 has 32 bytes$/],
    ['of a digest that is cut off', `$sha512$$${bytes(32)}`, /^a digest of sha512 has 64 bytes$/],
    ['of SHA-2 without a place for a salt', `$sha256$${bytes(32)}`, /is written \$sha256\$<salt/],
  ])('%s', (_, text, problem) => {
    const read = readImportedHash(text);
    expect(read).toMatch(problem);
    // A sentence may be printed: it has nothing of the hash.
    expect(read).not.toContain('abcdefghijklmnop');
    expect(read).not.toContain(bytes(15));
  });
});
