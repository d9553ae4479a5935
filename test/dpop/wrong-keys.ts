import { createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';
import { dpopKey } from '../support/dpop.ts';
import { forged, header, jwk, type Make, proofWith } from './right-proof.ts';
import type { WrongProof } from './wrong-proofs.ts';

/** RFC 9449 §4.2, §4.3 (6), (7): keys that are not there, not public, or not for this. */
export const wrongKeys: readonly WrongProof[] = [
  { rule: 'D02', what: 'no jwk', make: header({ jwk: undefined }) },
  { rule: 'D02', what: 'a jwk that is null', make: header({ jwk: null }) },
  { rule: 'D02', what: 'a jwk that is a text', make: header({ jwk: 'key' }) },
  {
    rule: 'D02',
    what: 'a jwk that is a list',
    make: (right) => header({ jwk: [right.key.jwk] })(right),
  },
  {
    rule: 'D02',
    what: 'an x5u in place of jwk',
    make: header({ jwk: undefined, x5u: 'https://client.example.com/cert' }),
  },
  { rule: 'D02', what: 'a kid in place of jwk', make: header({ jwk: undefined, kid: 'key' }) },
  {
    rule: 'D02',
    what: 'a jku in place of jwk',
    make: header({ jwk: undefined, jku: 'https://client.example.com/jwks' }),
  },
  {
    rule: 'D04',
    what: 'a jwk with its private half',
    make: async (right) => {
      const jwkOfBoth = await exportJWK(right.key.privateKey);
      return [await proofWith(right, { header: { jwk: jwkOfBoth } })];
    },
  },
  { rule: 'D04', what: 'a jwk with a member of secret keys', make: jwk(() => ({ k: 'AAAA' })) },
  {
    rule: 'D04',
    what: 'a jwk whose x is a list, which a library reads as a text',
    make: jwk(({ jwk: { x } }) => ({ x: [x] })),
  },
  { rule: 'D04', what: 'a jwk whose y is a list', make: jwk(({ jwk: { y } }) => ({ y: [y] })) },
  { rule: 'D04', what: 'a jwk with padding', make: jwk(({ jwk: { x } }) => ({ x: `${x}=` })) },
  {
    rule: 'D04',
    what: 'the jwk of another key',
    make: async (right) => {
      const { jwk: other } = await dpopKey();
      return [await proofWith(right, { header: { jwk: other } })];
    },
  },
  {
    rule: 'D04',
    what: 'a jwk that is no point of the curve',
    make: jwk(({ jwk: { x = '', ...rest } }) => ({ x: offTheCurve(x, rest) })),
  },
  { rule: 'D04', what: 'a jwk for encryption', make: jwk(() => ({ use: 'enc' })) },
  { rule: 'D04', what: 'a jwk that is not to verify', make: jwk(() => ({ key_ops: ['sign'] })) },
  { rule: 'D04', what: 'a jwk for another alg', make: jwk(() => ({ alg: 'ES384' })) },
  { rule: 'D04', what: 'an RSA key of 1024 bits', make: byRsa({ modulusLength: 1024 }) },
  { rule: 'D04', what: 'an RSA key of 4608 bits', make: byRsa({ modulusLength: 4608 }) },
  {
    rule: 'D04',
    what: 'an RSA key with an exponent of 3',
    make: byRsa({ modulusLength: 2048, publicExponent: 3 }),
  },
  {
    rule: 'D04',
    what: 'the jwk of a key of P-384 over a signature with ES256',
    make: async (right) => {
      const { jwk: other } = await dpopKey('ES384');
      return [await proofWith(right, { header: { jwk: other } })];
    },
  },
  {
    rule: 'D02',
    what: 'a payload that is not encoded (b64)',
    make: forged({ header: { crit: ['b64'], b64: false } }),
  },
  {
    rule: 'D02',
    what: 'a critical member that nobody knows',
    make: header({ crit: ['http://example.com/unknown'], 'http://example.com/unknown': true }),
  },
];

/** The right proof, signed with RS256 by an RSA key that libraries need not want to sign with. */
function byRsa(options: {
  readonly modulusLength: number;
  readonly publicExponent?: number;
}): Make {
  // Once: they take long to find.
  let pair: ReturnType<typeof generateKeyPairSync> | undefined;
  return async (right) => {
    pair ??= generateKeyPairSync('rsa', options);
    const { publicKey, privateKey } = pair;
    const made = { typ: 'dpop+jwt', alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) };
    const parts = [made, { jti: randomUUID(), ...right.claims }];
    const encoded = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const input = encoded.join('.');
    return [`${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`];
  };
}

/** An x that is none of a point with this y, of which half of all are. */
function offTheCurve(x: string, rest: JWK): string {
  const bytes = Buffer.from(x, 'base64url');
  for (let octet = 0; octet < 256; octet += 1) {
    bytes.writeUInt8(octet, 0);
    const changed = bytes.toString('base64url');
    try {
      createPublicKey({ key: { ...rest, x: changed }, format: 'jwk' });
    } catch {
      return changed;
    }
  }
  throw new Error('all of them are points');
}
