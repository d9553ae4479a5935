import fc from 'fast-check';
import { audience, start } from '../support/access-tokens.ts';
import { type Alg, algs, signing, tokenOf } from './hand-made-token.ts';
import { issuer } from './jose-verifier.ts';
import { jwks, pairOf, rightClaims, rightHeader } from './published-keys.ts';

const alg = fc.oneof(
  // Mostly those whose signatures are quick: thousands of tokens are made.
  { weight: 9, arbitrary: fc.constantFrom<Alg[]>('ES256', 'EdDSA', 'Ed25519') },
  { weight: 1, arbitrary: fc.constantFrom(...algs) },
);

type TextChange = (json: string) => string | Buffer;
type SignatureChange = (signed: Buffer) => Buffer;
type TokenChange = (token: string) => string;

const oddValue = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, '', [], {}, ['b64'], [''], { kid: 'RSA' }),
  fc.jsonValue(),
);
const members = (names: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 1 });
const changedHeader = members(
  ['alg', 'typ', 'kid', 'crit', 'b64', 'jwk', '__proto__', 'enc', 'zip', 'constructor'],
  fc.oneof(
    fc.constantFrom(...algs, 'none', 'HS256', 'es256', '__proto__', 'constructor', 'toString'),
    fc.constantFrom(
      'AT+JWT',
      'application/at+jwt',
      'Application/AT+JWT',
      'JWT',
      'at+jwt ',
      'ａt+jwt',
    ),
    fc.constantFrom(...jwks.keys.map(({ kid }) => kid)),
    oddValue,
  ),
);
const changedClaims = members(
  [...Object.keys(rightClaims), 'nbf', 'cnf', '__proto__', 'roles'],
  fc.oneof(
    fc.constantFrom(start - 6, start - 5, start - 4, start + 5, start + 6, start + 5.5, 1e300),
    fc.constantFrom<unknown>(
      [audience],
      [audience, 'b'],
      [[audience]],
      [audience, 1],
      `${issuer}/`,
    ),
    fc.constantFrom<unknown>('read write', 'read  write', { jkt: 'A'.repeat(43) }, 'a'.repeat(257)),
    oddValue,
  ),
);

/** What may be done to the text of a JSON object. */
const changedText = fc.constantFrom<TextChange[]>(
  (json) => `\uFEFF${json}`,
  (json) => `${json}\n`,
  (json) => `[${json}]`,
  (json) => `${json}}`,
  (json) => json.slice(0, -1),
  (json) => JSON.stringify(json),
  (json) => json.replace('{', '{"alg":"none","kid":"twin","typ":"JWT","exp":1,"aud":"b",'),
  (json) => json.replace('}', ',"alg":"none"}'),
  (json) => json.replace('}', ',"exp":1e999}'),
  (json) => json.replace('}', ',"nbf":-1e999}'),
  (json) => json.replace('}', ',"__proto__":{"alg":"none","exp":1}}'),
  (json) => json.replace('"a"', '"\\u0061"'),
  (json) => json.replace('"a"', '"\\ud800"'),
  (json) =>
    Buffer.concat([
      Buffer.from(json.replace('}', ',"x":"')),
      Buffer.from([0xc0, 0xaf, 0x22, 0x7d]),
    ]),
  () => 'null',
  () => '',
);

/** What may be done to the octets of a signature. */
const changedSignature = fc.constantFrom<SignatureChange[]>(
  (signed) => Buffer.concat([Buffer.alloc(1), signed]),
  (signed) => Buffer.concat([signed, Buffer.alloc(1)]),
  (signed) => signed.subarray(1),
  (signed) => signed.subarray(0, -1),
  (signed) => Buffer.alloc(signed.length),
  (signed) => Buffer.alloc(signed.length, 0xff),
  (signed) => Buffer.concat(halves(signed).map((half) => Buffer.concat([Buffer.alloc(1), half]))),
  (signed) => Buffer.concat([Buffer.alloc(signed.length / 2), halves(signed)[1]]),
  (signed) => Buffer.concat([halves(signed)[0], Buffer.alloc(signed.length / 2)]),
  (signed) => Buffer.concat(halves(signed).toReversed()),
  (signed) =>
    Buffer.from(signed.map((octet, at) => (at === signed.length - 1 ? octet ^ 1 : octet))),
  () => Buffer.alloc(0),
);
const halves = (signed: Buffer): [Buffer, Buffer] => [
  signed.subarray(0, signed.length / 2),
  signed.subarray(signed.length / 2),
];

/** What may be done to the text of a token. */
const changedToken: fc.Arbitrary<TokenChange> = fc.oneof(
  fc.constantFrom<TokenChange[]>(
    (token) => `${token}=`,
    (token) => `${token}.`,
    (token) => `.${token}`,
    (token) => `${token}.${token}`,
    (token) => ` ${token}`,
    (token) => `${token}\n`,
    (token) => token.replaceAll('.', '=.'),
    (token) => token.replace('.', '..'),
    (token) => token.replaceAll('-', '+').replaceAll('_', '/'),
    (token) => token.split('.').toReversed().join('.'),
    (token) => token.slice(0, token.lastIndexOf('.') + 1),
    (token) => token.slice(0, token.lastIndexOf('.')),
  ),
  // The last character alone has bits that may be spare.
  fc.tuple(fc.nat(), fc.constantFrom(...'ABCDEFGghwxyz01289-_+/=. \u0141\u0000')).map(
    ([at, letter]): TokenChange =>
      (token) => {
        const index = at % 3 === 0 ? token.length - 1 : at % token.length;
        return token.slice(0, index) + letter + token.slice(index + 1);
      },
  ),
);

const sometimes = <Value>(weight: number, change: fc.Arbitrary<Value>, none: Value) =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(none) }, { weight, arbitrary: change });
const same = <Value>(value: Value): Value => value;

/** A token that is good, or was changed in some ways: in its members, its texts, its key and its signature. */
export const anyToken: fc.Arbitrary<string> = fc
  .record({
    alg,
    signer: fc.option(alg, { freq: 10, nil: undefined }),
    header: sometimes(3, changedHeader, {}),
    claims: sometimes(3, changedClaims, {}),
    headerText: sometimes<TextChange>(1, changedText, same),
    claimsText: sometimes<TextChange>(1, changedText, same),
    signature: sometimes<SignatureChange>(1, changedSignature, same),
    text: sometimes<TokenChange>(1, changedToken, same),
  })
  .map((change) => {
    const signer = change.signer ?? change.alg;
    const header = change.headerText(
      JSON.stringify({ ...rightHeader(change.alg), ...change.header }),
    );
    const claims = change.claimsText(JSON.stringify({ ...rightClaims, ...change.claims }));
    return change.text(
      tokenOf(header, claims, (input) =>
        change.signature(signing[signer][1](input, pairOf(signer).privateKey)),
      ),
    );
  });
