import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatScope } from '../../functions/oauth/scope.ts';
import { anyToken } from './any-token.ts';
import { type Alg, algs, encoded, signing, tokenOf } from './hand-made-token.ts';
import { verifiersOf } from './jose-verifier.ts';
import { jwks, pairOf, rightClaims, rightHeader } from './published-keys.ts';
import { brokenRules, type StricterRule, stricter } from './stricter-than-jose.ts';

const { ours, jose } = verifiersOf(jwks, algs);

/** Compares the two verifiers. @returns the claims that both have read */
async function compare(token: string): Promise<object | undefined> {
  const [mine, taken] = [await ours(token), await jose(token)];
  if (taken === undefined) return refused(mine, token);
  const { payload: claims, protectedHeader: header } = taken;
  if (brokenRules({ token, header, claims }).length > 0) return refused(mine, token);
  const { iss, sub, client_id, aud, jti, iat, exp, nbf, cnf, scope, status: _, ...others } = claims;
  const said = {
    iss,
    sub,
    client_id,
    aud: [aud].flat(),
    jti,
    iat,
    exp,
    nbf,
    cnf,
    kid: header.kid,
    scope: scope ?? '',
    customClaims: Object.keys(others).length > 0 ? encoded(JSON.stringify(others)) : undefined,
  };
  expect(mine && { ...mine, scope: formatScope(mine.scope) }, token).toEqual(said);
  return mine;
}

function refused(mine: object | undefined, token: string): undefined {
  expect(mine, token).toBeUndefined();
}

/** Signs these texts, by the key of an algorithm. */
const signed = (alg: Alg, header: string, claims: string): string =>
  tokenOf(header, claims, (input) => signing[alg][1](input, pairOf(alg).privateKey));

/** A good token with other members. */
const token = (alg: Alg, header: object, claims: object): string =>
  signed(
    alg,
    JSON.stringify({ ...rightHeader(alg), ...header }),
    JSON.stringify({ ...rightClaims, ...claims }),
  );

describe('RFC 7515 §5.2 every token whatsoever', () => {
  test('I06: is taken with the same claims as by jose, or refused by both, but for stricter rules', async () => {
    let taken = 0;
    const property = fc.asyncProperty(anyToken, async (text) => {
      if ((await compare(text)) !== undefined) taken += 1;
    });
    await fc.assert(property, { numRuns: 4000 });
    expect(taken).toBeGreaterThan(400);
  });

  test.for(algs)('I06: is taken by both when it is good: %s', async (alg) => {
    expect(await compare(token(alg, {}, {}))).toMatchObject({ client_id: 'a' });
  });
});

/** Rule -> tokens that break it. */
const strictly: Readonly<Record<StricterRule, readonly (() => string)[]>> = {
  'a part that has spare bits': [
    () => withSpareBits(token('ES256', {}, {}), 2),
    () => withSpareBits(token('RS256', {}, {}), 2),
  ],
  'crit, whatever it names': [() => token('ES256', { crit: ['b64'], b64: true }, {})],
  'b64, whatever it says': [
    () => token('ES256', { b64: false }, {}),
    () => token('ES256', { b64: null }, {}),
  ],
  'no kid, or one that is no text': [() => token('EdDSA', { kid: undefined }, {})],
  'a signature by PSS that is shorter than the modulus': [shortSignature],
  'a time that is infinite': [
    () => infinite('exp', '1e999'),
    () => infinite('nbf', '-1e999'),
    () => infinite('iat', '1e999'),
  ],
  'an identifier of other characters, or too long': [
    () => token('ES256', {}, { sub: '' }),
    () => token('ES256', {}, { jti: 1 }),
    () => token('ES256', {}, { client_id: 'a'.repeat(257) }),
  ],
  'a scope outside the grammar of RFC 6749 §3.3': [() => token('ES256', {}, { scope: ['read'] })],
  'a cnf that is not understood (RFC 7800 §3.1)': [() => token('ES256', {}, { cnf: { kid: 'a' } })],
  'an audience that is no text, beside ours': [
    () => token('ES256', {}, { aud: [rightClaims.aud, 1] }),
  ],
};

describe('what jose takes, and we refuse on purpose', () => {
  test.for(Object.keys(stricter) as StricterRule[])('I06: %s', async (rule) => {
    for (const make of strictly[rule]) {
      const text = make();
      const taken = await jose(text);
      expect(taken, text).toBeDefined();
      const { payload: claims = {}, protectedHeader: header = {} } = taken ?? {};
      expect(brokenRules({ token: text, header: { ...header }, claims })).toContain(rule);
      expect(await ours(text)).toBeUndefined();
    }
  });
});

/** The same octets as another text: the last character of a part that does not fill it, one on. */
function withSpareBits(text: string, part: number): string {
  const parts = text.split('.');
  const written = parts[part] ?? '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet[alphabet.indexOf(written.slice(-1)) + 1];
  return parts.with(part, `${written.slice(0, -1)}${last}`).join('.');
}

const infinite = (name: string, value: string): string => {
  const claims = JSON.stringify({ ...rightClaims, [name]: 0 });
  return signed(
    'ES256',
    JSON.stringify(rightHeader('ES256')),
    claims.replace(`"${name}":0`, `"${name}":${value}`),
  );
};

/** One of 256 signatures begins with a zero; left out, it is the same number. */
function shortSignature(): string {
  for (let jti = 0; ; jti += 1) {
    const [header = '', claims = '', signature = ''] = token('PS256', {}, { jti: `${jti}` }).split(
      '.',
    );
    const octets = Buffer.from(signature, 'base64url');
    if (octets[0] === 0) return [header, claims, encoded(octets.subarray(1))].join('.');
  }
}
