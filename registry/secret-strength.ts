/** Bits that a secret of an owner's own must have: as many as nobody guesses (RFC 6749 §10.10). */
export const leastStrength = 128;

/** Alphabets that secrets are made of, the smallest first, and how many characters each has. */
const alphabets: readonly (readonly [RegExp, number])[] = [
  [/^[0-9]*$/, 10],
  [/^([0-9a-f]*|[0-9A-F]*)$/, 16],
  [/^([a-z]*|[A-Z]*)$/, 26],
  [/^([a-z2-7]*|[A-Z2-7]*)$/, 32],
  [/^([a-z0-9]*|[A-Z0-9]*)$/, 36],
  [/^[A-Za-z]*$/, 52],
  [/^[A-Za-z0-9]*$/, 62],
  [/^([\w-]*|[A-Za-z0-9+/=]*)$/, 64],
];

/** Of a UUID that is made of random numbers (RFC 9562 §5.4) six bits are not random. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * Says how many bits whoever guesses a secret has to find out, at most: each of its characters is one of as many as
 * its alphabet has, but for those that can be told from others. These are repetitions, runs such as `abcde` and
 * `54321`, rows of a keyboard, words that many choose, what is known of the client, and letters that follow each other
 * as in English. It ends there: it knows no other language, no date, no list of
 * secrets that have leaked, and nothing of how the secret was made. A secret may be weaker than it says.
 * @param related what a guesser knows, such as the client_id
 */
export function secretStrength(secret: string, related: readonly string[] = []): number {
  if (uuid.test(secret)) return 122;
  const plain = withoutDisguise(secret);
  const words = [...related.flatMap(parts), ...commonWords].filter(({ length }) => length >= 4);
  const each = Math.log2(alphabetOf(secret));
  let bits = 0;
  for (let at = 0; at < secret.length; ) {
    const known = longest(at, secret, plain, words);
    const whole = known.length * each;
    bits += known.length > 0 ? Math.min(known.bits, whole) : each;
    at += Math.max(1, known.length);
  }
  return Math.floor(Math.min(bits, englishBits(secret)));
}

/** A text as a guesser reads it: in small letters, and digits and signs as the letters that they stand for. */
const withoutDisguise = (text: string): string =>
  text.toLowerCase().replaceAll(/[01345789@$!]/g, (sign) => disguised.get(sign) ?? sign);

const disguised: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', 9: 'g' },
    ...{ '@': 'a', $: 's', '!': 'i' },
  }),
);

function alphabetOf(secret: string): number {
  const different = new Set(secret).size;
  // Nobody meets so few by chance.
  if (different < 8) return different;
  return alphabets.find(([pattern]) => pattern.test(secret))?.[1] ?? 95;
}

/** What can be told from a place on: how many characters, and by how many bits. */
interface Known {
  readonly length: number;
  readonly bits: number;
}

const nothing: Known = { length: 0, bits: 0 };

/** The longest of what can be told there. */
function longest(at: number, secret: string, plain: string, words: readonly string[]): Known {
  const found = [
    repetition(at, secret.toLowerCase()),
    run(at, secret.toLowerCase()),
    word(at, plain, words),
  ];
  return found.reduce((best, one) => (one.length > best.length ? one : best), nothing);
}

/** What is there once more: where it was, and how long it is. */
function repetition(at: number, text: string): Known {
  let length = 0;
  while (
    at + length < text.length &&
    text.slice(0, at + length).includes(text.slice(at, at + length + 1))
  )
    length += 1;
  return length >= 5 ? { length, bits: Math.log2(at + 1) + Math.log2(length) } : nothing;
}

/** Characters that go up or down by one, or not at all: the first, the direction and the length. */
function run(at: number, text: string): Known {
  const step = text.charCodeAt(at + 1) - text.charCodeAt(at);
  if (!(Math.abs(step) <= 1)) return nothing;
  let length = 2;
  while (text.charCodeAt(at + length) - text.charCodeAt(at + length - 1) === step) length += 1;
  return length >= 5 ? { length, bits: 8 + Math.log2(length) } : nothing;
}

/** A word that is known: which it is, and how it is written. */
function word(at: number, plain: string, words: readonly string[]): Known {
  const lengths = words.filter((one) => plain.startsWith(one, at)).map(({ length }) => length);
  const length = Math.max(0, ...lengths);
  return length > 0 ? { length, bits: Math.log2(words.length) + 2 } : nothing;
}

/**
 * A text whose letters follow each other as in English: two bits for each of them, more than Shannon found. Words that were drawn
 * by lot have more, which cannot be seen.
 */
function englishBits(secret: string): number {
  const text = secret.toLowerCase();
  const letters = text.replaceAll(/[^a-z]/g, '');
  const small = secret.replaceAll(/[^a-z]/g, '').length;
  // People write most letters in one case. Of ten thousand random texts in both, one has as many common pairs.
  const isByHand = Math.max(small, letters.length - small) >= 0.7 * letters.length;
  const pairs = Array.from({ length: Math.max(0, letters.length - 1) }, (_, index) =>
    letters.slice(index, index + 2),
  );
  const common = pairs.filter((pair) => commonPairs.has(pair)).length;
  // Of the six letters of hexadecimal digits common pairs can be made by chance.
  const isEnglish =
    isByHand && !/^[0-9a-f]*$/.test(text) && pairs.length >= 11 && common >= 0.3 * pairs.length;
  return isEnglish
    ? 2 * letters.length + 3 * (text.length - letters.length)
    : Number.POSITIVE_INFINITY;
}

/** Half of the pairs of English texts, and a sixteenth of all that there are. */
const commonPairs: ReadonlySet<string> = new Set(
  (
    'th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de ' +
    'se le sa si ar ve ra ro ll ne'
  ).split(' '),
);

/** What a client is called, whole and in its parts. */
const parts = (text: string): readonly string[] =>
  [text, ...text.split(/[^A-Za-z0-9]+/)].map(withoutDisguise);

/** Words that are in many secrets, and rows of keyboards. */
const commonWords = [
  'password passwort passwd pass secret client admin root user login welcome letmein changeme change default',
  'example test demo staging production token oauth apikey service server account master private public',
  'hello monkey dragon summer winter spring autumn love sunshine football qwertyuiop qwerty qwertz azerty',
  'asdfghjkl asdf zxcvbnm yxcvbnm poiuytrewq lkjhgfdsa mnbvcxz cognito auth0 keycloak hydra countersign company',
]
  .join(' ')
  .split(' ')
  .map(withoutDisguise);
