/** What a foreign hash of a secret was made with, and what it is. */
export type ImportedHash =
  | {
      readonly format: 'bcrypt';
      /** The binary logarithm of its rounds. */
      readonly cost: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | {
      readonly format: `argon2${'id' | 'i' | 'd'}`;
      /** KiB. */
      readonly memory: number;
      readonly passes: number;
      readonly lanes: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | {
      readonly format: `pbkdf2-${'sha1' | 'sha256' | 'sha512'}`;
      readonly iterations: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | {
      /** The hash of the salt and then the secret, in UTF-8. */
      readonly format: 'sha256' | 'sha512';
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    };

/**
 * How much work a hash may be, since whoever sends a wrong secret has us do it: up to about two seconds each on the
 * function that verifies. The least are those below which a value was never made by the algorithm, or guesses fit.
 */
const bounds = {
  // 2^14 rounds; twice as much takes twice as long. 10 and 12 are what systems take by themselves.
  bcryptCost: { least: 4, most: 14 },
  // RFC 9106 §4 recommends 64 MiB, or 2 GiB for those that have it; the function that verifies has to hold it.
  argon2Memory: { least: 8, most: 64 * 1024 },
  argon2Passes: { least: 1, most: 32 },
  argon2Lanes: { least: 1, most: 16 },
  // KiB that are written in all passes together: 64 MiB four times; RFC 9106 §4 has three.
  argon2Written: { least: 8, most: 256 * 1024 },
  pbkdf2Iterations: { least: 1, most: 1_000_000 },
  // Each block of output repeats all iterations: the output of a long digest costs as much as one more secret.
  pbkdf2Rounds: { least: 1, most: 2_000_000 },
  // Shorter than 16 bytes, and a digest can be met by luck; no system has longer ones than 64.
  digest: { least: 16, most: 64 },
  // It is hashed once or twice: it costs nothing, but an item of DynamoDB has no room for ever longer ones.
  salt: { least: 0, most: 64 },
} as const;

type Bound = { readonly least: number; readonly most: number };

/** Thrown and caught here alone. */
class Unreadable extends Error {}

/**
 * Reads a foreign hash as it stands behind `imported:` in a client's record: the texts that bcrypt and argon2 have
 * themselves, and the like for PBKDF2 and SHA-2 (base64 without padding):
 * `$2b$12$<salt><digest>`, `$argon2id$v=19$m=65536,t=3,p=4$<salt>$<digest>`,
 * `$pbkdf2-sha256$i=25000,l=32$<salt>$<digest>`, `$sha256$<salt or nothing>$<digest>`.
 * @returns a sentence that says what is wrong, without a part of the hash
 */
export function readImportedHash(text: string): ImportedHash | string {
  const found = formats.find(({ begin }) => begin.test(text));
  if (!found) return `a hash begins with one of ${names}`;
  const match = found.whole.exec(text);
  if (!match) return `a hash of this kind is written ${found.form}`;
  try {
    // The cast: each kind reads what its own pattern names.
    return found.read(match.groups as unknown as Groups);
  } catch (error) {
    // Nothing else is thrown there.
    return (error as Unreadable).message;
  }
}

type Groups = Readonly<
  Record<'format' | 'cost' | 'm' | 't' | 'p' | 'i' | 'l' | 'salt' | 'digest', string>
>;

/** A kind of hash. A further one is an entry here. */
interface Format {
  readonly begin: RegExp;
  readonly whole: RegExp;
  /** For people who have written another one. */
  readonly form: string;
  readonly read: (groups: Groups) => ImportedHash;
}

const names = '$2b$, $argon2id$, $pbkdf2-sha256$, $sha256$ and their like';

const formats: readonly Format[] = [
  {
    begin: /^\$2[aby]\$/,
    whole: /^\$2[aby]\$(?<cost>\d\d)\$(?<salt>[./A-Za-z0-9]{22})(?<digest>[./A-Za-z0-9]{31})$/,
    form: '$2b$<cost>$<22 characters of salt><31 of digest>',
    read: ({ cost, salt, digest }) => ({
      format: 'bcrypt',
      cost: within(bounds.bcryptCost, cost, 'the cost of bcrypt'),
      salt: bcryptBytes(salt),
      digest: bcryptBytes(digest),
    }),
  },
  {
    begin: /^\$argon2(id|i|d)\$/,
    whole:
      /^\$(?<format>argon2(?:id|i|d))\$v=19\$m=(?<m>[1-9]\d{0,8}),t=(?<t>[1-9]\d{0,8}),p=(?<p>[1-9]\d{0,8})\$(?<salt>[^$]+)\$(?<digest>[^$]+)$/,
    form: '$argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<digest>',
    read: readArgon2,
  },
  {
    begin: /^\$pbkdf2-sha(1|256|512)\$/,
    whole:
      /^\$(?<format>pbkdf2-sha(?:1|256|512))\$i=(?<i>[1-9]\d{0,8}),l=(?<l>[1-9]\d{0,2})\$(?<salt>[^$]*)\$(?<digest>[^$]+)$/,
    form: '$pbkdf2-sha256$i=<iterations>,l=<bytes of digest>$<salt>$<digest>',
    read: readPbkdf2,
  },
  {
    begin: /^\$sha(256|512)\$/,
    whole: /^\$(?<format>sha(?:256|512))\$(?<salt>[^$]*)\$(?<digest>[^$]+)$/,
    form: '$sha256$<salt or nothing>$<digest>',
    read: ({ format, salt, digest }) => {
      const name = format === 'sha512' ? 'sha512' : 'sha256';
      const bytes = readDigest(digest);
      if (bytes.length !== digestBytes[name])
        throw new Unreadable(`a digest of ${name} has ${digestBytes[name]} bytes`);
      return { format: name, salt: readSalt(salt), digest: bytes };
    },
  },
];

const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const;

function readArgon2({ format, m, t, p, salt, digest }: Groups): ImportedHash {
  const memory = within(bounds.argon2Memory, m, 'the memory of argon2 (m, in KiB)');
  const passes = within(bounds.argon2Passes, t, 'the passes of argon2 (t)');
  const lanes = within(bounds.argon2Lanes, p, 'the lanes of argon2 (p)');
  within(bounds.argon2Written, memory * passes, 'what argon2 writes in all passes (m times t)');
  // RFC 9106 §3.1
  if (memory < 8 * lanes)
    throw new Unreadable('the memory of argon2 (m) is less than 8 KiB a lane (p)');
  const saltBytes = readSalt(salt);
  if (saltBytes.length < 8) throw new Unreadable('a salt of argon2 has at least 8 bytes');
  const kind = format === 'argon2i' || format === 'argon2d' ? format : 'argon2id';
  return { format: kind, memory, passes, lanes, salt: saltBytes, digest: readDigest(digest) };
}

function readPbkdf2({ format, i, l, salt, digest }: Groups): ImportedHash {
  const iterations = within(bounds.pbkdf2Iterations, i, 'the iterations of PBKDF2 (i)');
  const bytes = readDigest(digest);
  if (bytes.length !== Number(l)) throw new Unreadable('the digest has another length than l says');
  const hash = format === 'pbkdf2-sha1' ? 'sha1' : format === 'pbkdf2-sha512' ? 'sha512' : 'sha256';
  const blocks = Math.ceil(bytes.length / digestBytes[hash]);
  within(bounds.pbkdf2Rounds, iterations * blocks, 'the rounds of PBKDF2 (i for each block of l)');
  return { format: `pbkdf2-${hash}`, iterations, salt: readSalt(salt), digest: bytes };
}

function within({ least, most }: Bound, written: string | number, what: string): number {
  const value = Number(written);
  if (value >= least && value <= most) return value;
  throw new Unreadable(`${what} must be from ${least} to ${most}`);
}

const readSalt = (text: string): Uint8Array => bytesOf(text, bounds.salt, 'salt');
const readDigest = (text: string): Uint8Array => bytesOf(text, bounds.digest, 'digest');

/** The bytes of base64 without padding (RFC 4648 §4, §3.2), in its one right spelling. */
function bytesOf(text: string, { least, most }: Bound, what: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text)
    throw new Unreadable(`the ${what} is not base64 without padding`);
  if (bytes.length >= least && bytes.length <= most) return bytes;
  throw new Unreadable(`the ${what} must have ${least} to ${most} bytes`);
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const bcryptBase64 = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** bcrypt has base64 with an alphabet of its own; what systems leave in the last, unused bits does not count. */
const bcryptBytes = (text: string): Uint8Array =>
  Buffer.from(
    text.replaceAll(/./g, (character) => base64.charAt(bcryptBase64.indexOf(character))),
    'base64',
  );
