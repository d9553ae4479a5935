import { constants, createHmac, createPublicKey, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseAlgorithms } from '../../functions/authorizer/algorithms.ts';
import { neutralPoint, weakPoints, weakRsaKeys } from '../support/weak-keys.ts';
import { type Alg, algs, pair, signing, tokenOf } from './hand-made-token.ts';
import { verifiersOf } from './jose-verifier.ts';
import { jwks, pairOf, rightClaims, rightHeader } from './published-keys.ts';

const { ours } = verifiersOf(jwks, algs);

const signatureOf = (alg: Alg) => (input: Buffer) => signing[alg][1](input, pairOf(alg).privateKey);

/** A token with these members in its header, signed in this way. */
const token = (header: object, signature: (input: Buffer) => Buffer, claims: object = {}) =>
  tokenOf(JSON.stringify(header), JSON.stringify({ ...rightClaims, ...claims }), signature);

/** A token by this algorithm, whose signature is changed. */
const changed = (alg: Alg, change: (signed: Buffer) => Buffer) =>
  token(rightHeader(alg), (input) => change(signatureOf(alg)(input)));

const ecdsa = ['ES256', 'ES384', 'ES512'] as const;
const rsa = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const;

/** The orders of the curves' groups (SEC 2 §2.4.2, §2.5.1, §2.6.1). */
const orders = {
  ES256: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  ES384: `${'f'.repeat(48)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`,
  ES512: `01${'f'.repeat(64)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`,
} as const;

const half = (signed: Buffer, which: 0 | 1): Buffer =>
  signed.subarray((which * signed.length) / 2, ((which + 1) * signed.length) / 2);
const zeros = (size: number): Buffer => Buffer.alloc(size);

describe.for(ecdsa)('RFC 7518 §3.4 a signature by %s', (alg) => {
  const order = Buffer.from(orders[alg], 'hex');
  const size = order.length;
  const one = Buffer.concat([zeros(size - 1), Buffer.from([1])]);

  test.for<[string, (signed: Buffer) => Buffer]>([
    ['of nothing but zeros', (signed) => zeros(signed.length)],
    ['whose r is zero', (signed) => Buffer.concat([zeros(size), half(signed, 1)])],
    ['whose s is zero', (signed) => Buffer.concat([half(signed, 0), zeros(size)])],
    ['whose r and s are 1', () => Buffer.concat([one, one])],
    ['whose r and s are the order', () => Buffer.concat([order, order])],
    ['whose r is the order', (signed) => Buffer.concat([order, half(signed, 1)])],
    ['whose s is the order', (signed) => Buffer.concat([half(signed, 0), order])],
    ['whose r is no number below it', () => Buffer.alloc(2 * size, 0xff)],
    [
      'with a zero before r and s',
      (signed) => Buffer.concat([zeros(1), half(signed, 0), zeros(1), half(signed, 1)]),
    ],
    ['with two zeros before it', (signed) => Buffer.concat([zeros(2), signed])],
    ['without its last octet', (signed) => signed.subarray(0, -1)],
    ['with s before r', (signed) => Buffer.concat([half(signed, 1), half(signed, 0)])],
    ['of no octets but one', () => zeros(1)],
  ])('I06: is refused %s', async ([, change]) => {
    expect(await ours(changed(alg, (signed) => signed))).toBeDefined();
    expect(await ours(changed(alg, change))).toBeUndefined();
  });

  test('I06: is refused in the form of X.509', async () => {
    const hash = alg.replace('ES', 'sha');
    const der = token(rightHeader(alg), (input) => sign(hash, input, pairOf(alg).privateKey));
    expect(await ours(der)).toBeUndefined();
  });

  test('I06: is taken with leading zeros in r and in s, which are part of them', async () => {
    const found = { r: 0, s: 0 };
    for (let jti = 0; found.r === 0 || found.s === 0; jti += 1) {
      const made = token(rightHeader(alg), signatureOf(alg), { jti: `${jti}` });
      const octets = Buffer.from(made.split('.')[2] ?? '', 'base64url');
      // The first octet of P-521 has one bit.
      const isShort = (which: 0 | 1) => half(octets, which)[alg === 'ES512' ? 1 : 0] === 0;
      if (!isShort(0) && !isShort(1)) continue;
      expect(await ours(made)).toBeDefined();
      found.r += Number(isShort(0));
      found.s += Number(isShort(1));
    }
  });
});

describe.for(rsa)('RFC 8017 §8 a signature by %s', (alg) => {
  test.for<[string, (signed: Buffer) => Buffer]>([
    ['with a zero before it', (signed) => Buffer.concat([zeros(1), signed])],
    ['with a zero behind it', (signed) => Buffer.concat([signed, zeros(1)])],
    ['without its last octet', (signed) => signed.subarray(0, -1)],
    ['of nothing but zeros', (signed) => zeros(signed.length)],
    [
      'that is the number 1',
      (signed) => Buffer.concat([zeros(signed.length - 1), Buffer.from([1])]),
    ],
    ['that is no number below the modulus', (signed) => Buffer.alloc(signed.length, 0xff)],
  ])('I06: is refused %s', async ([, change]) => {
    expect(await ours(changed(alg, (signed) => signed))).toBeDefined();
    expect(await ours(changed(alg, change))).toBeUndefined();
  });

  test('I06: is refused under the name of every other algorithm', async () => {
    for (const other of algs.filter((name) => name !== alg)) {
      const header = { ...rightHeader(alg), alg: other };
      expect(await ours(token(header, signatureOf(alg))), other).toBeUndefined();
    }
  });
});

describe('RFC 7518 §3.5 a signature by PS256', () => {
  test.for([0, 1, 20, 31, 33, 48, 64, 222])(
    'I06: is refused with a salt of %i octets',
    async (saltLength) => {
      const { privateKey: key } = pairOf('PS256');
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      const salted = (length: number) =>
        token(rightHeader('PS256'), (input) =>
          sign('sha256', input, { key, padding, saltLength: length }),
        );
      expect(await ours(salted(saltLength))).toBeUndefined();
      expect(await ours(salted(32))).toBeDefined();
    },
  );
});

describe('RFC 8032 §5.1.7 a signature by Ed25519', () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const numberOf = (octets: Buffer) => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
  const octetsOf = (number: bigint) =>
    Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse();

  test('I06: is refused with an S that is not the least one', async () => {
    const more = (signed: Buffer) =>
      Buffer.concat([half(signed, 0), octetsOf(numberOf(half(signed, 1)) + order)]);
    expect(await ours(changed('EdDSA', more))).toBeUndefined();
  });

  test('I06: is refused with octets before or behind it', async () => {
    expect(
      await ours(changed('EdDSA', (signed) => Buffer.concat([signed, zeros(1)]))),
    ).toBeUndefined();
    expect(
      await ours(changed('EdDSA', (signed) => Buffer.concat([zeros(1), signed]))),
    ).toBeUndefined();
  });

  test('B15: of everything, for a key of small order, is refused', async () => {
    const jwk = { ...neutralPoint.jwk, kid: 'neutral' };
    const verifiers = verifiersOf({ keys: [jwk] }, algs);
    const forged = token({ ...rightHeader('EdDSA'), kid: 'neutral' }, neutralPoint.sign);
    expect(await verifiers.ours(forged)).toBeUndefined();
  });
});

describe('RFC 8725 §3.1 a key and an algorithm that do not fit', () => {
  const { jwk } = pairOf('RS256');
  const publicKey = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  const secrets = [
    publicKey.export({ type: 'spki', format: 'pem' }),
    publicKey.export({ type: 'pkcs1', format: 'pem' }),
    publicKey.export({ type: 'spki', format: 'der' }),
    JSON.stringify(jwk),
    Buffer.from(String(jwk.n), 'base64url'),
    '',
  ];

  test.for([256, 384, 512])('I06: an HMAC keyed by a public key is refused: HS%i', async (size) => {
    for (const secret of secrets) {
      const hmac = (input: Buffer) => createHmac(`sha${size}`, secret).update(input).digest();
      const header = rightHeader('RS256');
      expect(await ours(token({ ...header, alg: `HS${size}` }, hmac))).toBeUndefined();
      expect(await ours(token(header, hmac))).toBeUndefined();
    }
  });

  test.for([
    'none',
    'None',
    '',
    'RS1',
    'rs256',
    'ES256K',
    'Ed448',
    '__proto__',
    'constructor',
    'toString',
  ])('I06: an algorithm that nobody has chosen is refused: %j', async (alg) => {
    expect(
      await ours(token({ ...rightHeader('RS256'), alg }, signatureOf('RS256'))),
    ).toBeUndefined();
    expect(() => parseAlgorithms(alg)).toThrow('not an asymmetric');
  });

  test('I06: every algorithm is refused with the key of every other type', async () => {
    for (const alg of algs) {
      for (const other of algs.filter((name) => signing[name][0] !== signing[alg][0])) {
        const header = { ...rightHeader(alg), kid: rightHeader(other).kid };
        expect(await ours(token(header, signatureOf(alg))), `${alg} ${other}`).toBeUndefined();
        const named = { ...rightHeader(other), alg };
        expect(await ours(token(named, signatureOf(other))), `${other} ${alg}`).toBeUndefined();
      }
    }
  });

  test('I06: a curve with the hash of another is refused', async () => {
    const p384 = pairOf('ES384');
    const header = { ...rightHeader('ES384'), alg: 'ES256' };
    const dsaEncoding = 'ieee-p1363';
    const signed = (input: Buffer) => sign('sha256', input, { key: p384.privateKey, dsaEncoding });
    expect(await ours(token(header, signed))).toBeUndefined();
    expect(await ours(token({ ...header, alg: 'ES384' }, signed))).toBeUndefined();
  });

  test('I06: a key is not used by the algorithm of a larger curve, in whose form its signatures fit', async () => {
    const { privateKey: key, jwk } = pairOf('ES256');
    for (const [alg, hash, size] of [
      ['ES384', 'sha384', 48],
      ['ES512', 'sha512', 66],
    ] as const) {
      const padded = (input: Buffer) => {
        const signed = sign(hash, input, { key, dsaEncoding: 'ieee-p1363' });
        const front = zeros(size - 32);
        return Buffer.concat([front, half(signed, 0), front, half(signed, 1)]);
      };
      expect(await ours(token({ ...rightHeader(alg), kid: jwk.kid }, padded))).toBeUndefined();
    }
  });

  test('I06: a key that is for one algorithm verifies by no other', async () => {
    const alone = { keys: [{ ...jwk, kid: 'alone', alg: 'RS256' }] };
    const verifiers = verifiersOf(alone, algs);
    for (const alg of rsa) {
      const taken = await verifiers.ours(
        token({ alg, typ: 'at+jwt', kid: 'alone' }, signatureOf(alg)),
      );
      expect(taken !== undefined, alg).toBe(alg === 'RS256');
    }
  });

  test('I06: a header that was verified for one API vouches for nothing at another', async () => {
    const text = token(rightHeader('RS256'), signatureOf('RS256'));
    expect(await ours(text)).toBeDefined();
    expect(await verifiersOf(jwks, ['PS256', 'ES256']).ours(text)).toBeUndefined();
    const others = { keys: [pair('RSA', jwk.kid).jwk] };
    expect(await verifiersOf(others, algs).ours(text)).toBeUndefined();
  });
});

describe('RFC 7517 §5 keys of one issuer', () => {
  const signed = (kid: string, alg: Alg = 'ES256') =>
    token({ alg, typ: 'at+jwt', kid }, signatureOf(alg));

  test('I06: two that one kid and one algorithm could mean verify nothing', async () => {
    expect(await ours(signed('twin'))).toBeUndefined();
  });

  test('I06: two of one kid are told apart by their types', async () => {
    expect(await ours(signed('shared'))).toBeDefined();
    expect(await ours(signed('shared', 'RS256'))).toBeDefined();
  });

  test.for(['__proto__', 'constructor', 'toString', ''])(
    'I06: a kid is a name like any other: %j',
    async (kid) => {
      expect(await ours(signed(kid))).toBeUndefined();
      const named = { keys: [{ ...pairOf('ES256').jwk, kid }] };
      expect(await verifiersOf(named, algs).ours(signed(kid))).toBeDefined();
    },
  );

  test.for([
    ['use enc', { use: 'enc' }],
    ['key_ops without verify', { key_ops: ['sign'] }],
    ['key_ops that are no list', { key_ops: 'verify' }],
    ['an ext that is no boolean', { ext: 'true' }],
    ['another alg', { alg: 'ES384' }],
    ['another curve', { crv: 'P-384' }],
  ] as const)('I06: one with %s verifies nothing', async ([, members]) => {
    const named = { keys: [{ ...pairOf('ES256').jwk, kid: 'odd', ...members }] } as object;
    expect(await verifiersOf(named as typeof jwks, algs).ours(signed('odd'))).toBeUndefined();
  });

  test('I06: one of ML-DSA that is cut short, or does not say which, is left out by itself', async () => {
    const { jwk, privateKey } = pair('ML-DSA-44', 'a');
    const cut = { ...jwk, kid: 'cut', pub: String(jwk.pub).slice(4) };
    const { alg: _, ...unsaid } = { ...jwk, kid: 'unsaid' };
    const verifiers = verifiersOf({ keys: [cut, unsaid, jwk] }, algs);
    const signedBy = (kid: string) =>
      token({ alg: 'ML-DSA-44', typ: 'at+jwt', kid }, (input) => sign(null, input, privateKey));
    expect(await verifiers.ours(signedBy('cut'))).toBeUndefined();
    expect(await verifiers.ours(signedBy('unsaid'))).toBeUndefined();
    expect(await verifiers.ours(signedBy('a'))).toBeDefined();
  });

  test('B15: weak ones are left out, each by itself', async () => {
    const weak = [...weakRsaKeys, ...weakPoints].map(([what, , jwk]) => ({ ...jwk, kid: what }));
    const named = { keys: [...weak, ...jwks.keys] };
    const verifiers = verifiersOf(named as typeof jwks, algs);
    expect(await verifiers.ours(signed('P-256'))).toBeDefined();
    for (const { kid } of weak) expect(await verifiers.ours(signed(kid)), kid).toBeUndefined();
  });
});

describe('RFC 8725 §2.4 what is not written as it should be', () => {
  const [header, claims, signature] = token(rightHeader('ES256'), signatureOf('ES256')).split('.');

  test.for([
    [
      'a character that ends in the same octet',
      `${header}.${claims}.${signature}`.replace('e', 'ť'),
    ],
    ['a character of many in the claims', `${header}.${claims}\u0141.${signature}`],
    ['a zero', `${header}.${claims}.${signature}\0`],
    ['another alphabet of base64', `${header}.${claims}.${signature}`.replaceAll(/[-_]|$/g, '+')],
    ['no claims', `${header}..${signature}`],
    ['five parts', `${header}.${claims}.${signature}.${claims}.${signature}`],
    ['nothing', ''],
    ['dots', '..'],
  ] as const)('I06: a token with %s is refused', async ([, text]) => {
    expect(await ours(text)).toBeUndefined();
  });

  test('I06: a prototype in JSON adds nothing to an object', async () => {
    const sign = signatureOf('ES256');
    const { typ, ...untyped } = rightHeader('ES256');
    const { sub, ...nobody } = rightClaims;
    const proto = (members: object, more: object) =>
      `${JSON.stringify(members).slice(0, -1)},"__proto__":${JSON.stringify(more)}}`;
    const good = [JSON.stringify(rightHeader('ES256')), JSON.stringify(rightClaims)] as const;
    expect(await ours(tokenOf(proto(untyped, { typ }), good[1], sign))).toBeUndefined();
    expect(await ours(tokenOf(good[0], proto(nobody, { sub }), sign))).toBeUndefined();
    expect(await ours(tokenOf(good[0], proto(rightClaims, { sub: 'b' }), sign))).toMatchObject({
      sub: 'a',
    });
    expect({}).not.toHaveProperty('sub');
  });

  test('I08: what every object of the process has is no claim', async () => {
    const { sub: _, ...nobody } = rightClaims;
    const head = JSON.stringify(rightHeader('ES256'));
    const text = tokenOf(head, JSON.stringify(nobody), signatureOf('ES256'));
    Object.defineProperty(Object.prototype, 'sub', { value: 'a', configurable: true });
    try {
      expect(await ours(text)).toBeUndefined();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'sub');
    }
  });

  test('I08: of two members with one name the last one counts', async () => {
    const sign = signatureOf('ES256');
    const twice = (members: object, first: object) =>
      `${JSON.stringify(first).slice(0, -1)},${JSON.stringify(members).slice(1)}`;
    const head = twice(rightHeader('ES256'), { alg: 'none', kid: 'twin' });
    const body = twice(rightClaims, { exp: 1, aud: 'b', sub: 'b' });
    expect(await ours(tokenOf(head, body, sign))).toMatchObject({ sub: 'a' });
    const wrong = twice({ exp: 1 }, rightClaims);
    expect(await ours(tokenOf(head, wrong, sign))).toBeUndefined();
  });

  test('I06: a header and claims that are no UTF-8 are refused', async () => {
    const overlong = (members: object, octets: readonly number[]) =>
      Buffer.concat([
        Buffer.from(`${JSON.stringify(members).slice(0, -1)},"x":"`),
        Buffer.from(octets),
        Buffer.from('"}'),
      ]);
    const tokenWith = (octets: readonly number[], inHeader: boolean) =>
      tokenOf(
        overlong(rightHeader('ES256'), inHeader ? octets : []),
        overlong(rightClaims, inHeader ? [] : octets),
        signatureOf('ES256'),
      );
    for (const inHeader of [true, false]) {
      expect(await ours(tokenWith([0xc3, 0xa9], inHeader))).toBeDefined();
      expect(await ours(tokenWith([0xc0, 0xaf], inHeader))).toBeUndefined();
    }
  });

  test('I06: a cached token vouches for its own text alone', async () => {
    const good = `${header}.${claims}.${signature}`;
    expect(await ours(good)).toBeDefined();
    for (let at = 0; at < good.length; at += 1) {
      const other = good[at] === 'A' ? 'B' : 'A';
      expect(await ours(good.slice(0, at) + other + good.slice(at + 1)), `${at}`).toBeUndefined();
      expect(await ours(good.slice(0, at)), `${at}`).toBeUndefined();
    }
    expect(await ours(good)).toBeDefined();
  });
});
