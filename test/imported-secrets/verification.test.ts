import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSecretOf } from '../../functions/imported-secrets/verification.ts';
import { type ImportedHash, readImportedHash } from '../../functions/oauth/imported-hash.ts';

interface Vector {
  /** Who has made it. */
  readonly by: string;
  readonly secret: string;
  readonly hash: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('vectors.json', import.meta.url), 'utf8'),
);

function read(text: string): ImportedHash {
  const hash = readImportedHash(text);
  if (typeof hash === 'string') throw new Error(hash);
  return hash;
}

describe('a hash that others have made', () => {
  test.each(vectors)('$hash, by $by, is that of its secret alone', async ({ secret, hash }) => {
    expect(await isSecretOf(read(hash), secret)).toBe(true);
    expect(await isSecretOf(read(hash), `${secret[0]}x${secret.slice(1)}`)).toBe(false);
  });
});

describe('bcrypt', () => {
  const hashOf = (secret: string): ImportedHash => {
    const found = vectors.find((one) => one.secret === secret && one.hash.startsWith('$2b$'));
    return read(found?.hash ?? '');
  };

  test('reads 72 bytes, so that whoever registered a longer secret is let in with it', async () => {
    const whole = '0123456789'.repeat(8);
    expect(await isSecretOf(hashOf(whole.slice(0, 72)), whole)).toBe(true);
    expect(await isSecretOf(hashOf(whole.slice(0, 71)), whole)).toBe(false);
  });

  test('cuts within a character as others do, by bytes', async () => {
    const cut = `${'0123456789'.repeat(7)}0\u2713`;
    // By Python's bcrypt, of the first 72 bytes.
    const others = read('$2b$04$abcdefghijklmnopqrstuuvgO9YKj6tszSn97Fzp3Um3zU9sa5fs.');
    expect(await isSecretOf(others, cut)).toBe(true);
  });

  test.each(['a\0', 'a\0a', 'a\0b', '\0'])('takes no secret with a NUL: %j', async (secret) => {
    expect(await isSecretOf(hashOf('a'), secret)).toBe(false);
  });

  test('ignores the bits of a text that say nothing', async () => {
    const [first] = vectors.filter(({ hash }) => hash.startsWith('$2b$04$'));
    const { secret, hash } = first ?? { secret: '', hash: '' };
    // Of the salt's last character two bits count: u and v have the same.
    const other = hash.replace('abcdefghijklmnopqrstuu', 'abcdefghijklmnopqrstuv');
    expect(other).not.toBe(hash);
    expect(await isSecretOf(read(other), secret)).toBe(true);
  });
});

test('an empty secret is none, whatever its hash', async () => {
  const empty = '$sha256$$47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU';
  expect(await isSecretOf(read(empty), '')).toBe(false);
});
