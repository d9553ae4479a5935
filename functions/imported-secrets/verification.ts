import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { argon2d, argon2i, argon2id, bcrypt } from 'hash-wasm';
import type { ImportedHash } from '../oauth/imported-hash.ts';

/** Whether a secret has a foreign hash. The digests are compared in constant time. */
export async function isSecretOf(hash: ImportedHash, client_secret: string): Promise<boolean> {
  // No secret has a NUL (RFC 6749 Appendix A.2). To bcrypt, which repeats a secret with a NUL after it until it is
  // long enough, "a" and "a\0a" are the same.
  if (client_secret === '' || client_secret.includes('\0')) return false;
  const digest = await digestOf(hash, Buffer.from(client_secret));
  return digest.length === hash.digest.length && timingSafeEqual(digest, hash.digest);
}

/** Bytes of a secret that bcrypt reads: whoever made the hash ignored what follows, so that a right secret has it. */
const bcryptBytes = 72;

/** Bytes of the digest that a text of bcrypt has: one fewer than it makes. */
const bcryptDigest = 23;

const argon2 = { argon2d, argon2i, argon2id } as const;

async function digestOf(hash: ImportedHash, secret: Buffer): Promise<Uint8Array> {
  const { format, salt } = hash;
  switch (format) {
    case 'bcrypt': {
      const password = secret.subarray(0, bcryptBytes);
      const made = await bcrypt({ password, salt, costFactor: hash.cost, outputType: 'binary' });
      return made.subarray(0, bcryptDigest);
    }
    case 'argon2id':
    case 'argon2i':
    case 'argon2d':
      return await argon2[format]({
        ...{ password: secret, salt, outputType: 'binary' },
        ...{ memorySize: hash.memory, iterations: hash.passes, parallelism: hash.lanes },
        hashLength: hash.digest.length,
      });
    case 'sha256':
    case 'sha512':
      return createHash(format).update(salt).update(secret).digest();
    default:
      return await pbkdf2Digest(hash, secret);
  }
}

function pbkdf2Digest(
  { format, iterations, salt, digest }: Extract<ImportedHash, { readonly iterations: number }>,
  secret: Buffer,
): Promise<Uint8Array> {
  const { length } = digest;
  const name = format.slice('pbkdf2-'.length);
  return new Promise((resolve, reject) => {
    pbkdf2(secret, salt, iterations, length, name, (error, made) =>
      error ? reject(error) : resolve(made),
    );
  });
}
