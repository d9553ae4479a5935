import { audience } from '../support/access-tokens.ts';

/** A token that jose has taken. */
interface Taken {
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const isCanonical = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part;
const isContextText = (value: unknown): boolean =>
  typeof value === 'string' && /^[ -~]{1,256}$/.test(value);
const isScope = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  (typeof value === 'string' && value.length <= 2048 && /^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(value));
const isThumbprint = (value: unknown): boolean =>
  typeof value === 'string' && /^[\w-]{43}$/.test(value);
const isConfirmation = (value: unknown): boolean =>
  typeof value === 'object' &&
  Object.keys(value ?? {}).length > 0 &&
  Object.entries(value ?? {}).every(
    ([name, member]) => /^(jkt|x5t#S256)$/.test(name) && isThumbprint(member),
  );

/** Where we refuse on purpose what jose takes: the rule, and whether a token breaks it. */
export const stricter = {
  // RFC 4648 §3.5: one token is one text.
  'a part that has spare bits': ({ token }) => !token.split('.').every(isCanonical),
  // RFC 7515 §4.1.11, RFC 7797 §6: jose knows one extension, and lets it say what holds anyway.
  'crit, whatever it names': ({ header }) => 'crit' in header,
  'b64, whatever it says': ({ header }) => 'b64' in header,
  // RFC 9068 §2.2 leaves it open; without it, a key would be guessed.
  'no kid, or one that is no text': ({ header }) => typeof header.kid !== 'string',
  // RFC 8017 §8.1.2: jose leaves the length to OpenSSL, which takes the number without its leading zeros.
  'a signature by PSS that is shorter than the modulus': ({ token, header }) =>
    /^PS/.test(String(header.alg)) &&
    Buffer.from(token.split('.')[2] ?? '', 'base64url').length < 256,
  // JSON.parse reads 1e999 as a number beyond all others.
  'a time that is infinite': ({ claims: { iat, exp, nbf = 0 } }) =>
    ![iat, exp, nbf].every(Number.isFinite),
  // What the context of API Gateway takes.
  'an identifier of other characters, or too long': ({ claims: { iss, sub, client_id, jti } }) =>
    ![iss, sub, client_id, jti].every(isContextText),
  'a scope outside the grammar of RFC 6749 §3.3': ({ claims: { scope } }) => !isScope(scope),
  'a cnf that is not understood (RFC 7800 §3.1)': ({ claims }) =>
    'cnf' in claims && !isConfirmation(claims.cnf),
  'an audience that is no text, beside ours': ({ claims: { aud } }) =>
    ![aud].flat().every((each) => typeof each === 'string') && [aud].flat().includes(audience),
} as const satisfies Readonly<Record<string, (taken: Taken) => boolean>>;

export type StricterRule = keyof typeof stricter;

/** The rules by which we refuse a token that jose has taken. */
export const brokenRules = (taken: Taken): readonly StricterRule[] =>
  (Object.keys(stricter) as StricterRule[]).filter((rule) => stricter[rule](taken));
