import { createHash, randomUUID } from 'node:crypto';
import { athOf, dpopKey } from '../support/dpop.ts';
import { stoppedAt } from '../support/token-endpoint.ts';
import { claims, type Make, proofWith } from './right-proof.ts';
import type { WrongProof } from './wrong-proofs.ts';

const wantsNonce = { token: 'use_dpop_nonce', api: 'use_dpop_nonce' } as const;
/** The token endpoint has no access token to hold a proof against. */
const atTheApi = { token: 'taken', api: 'invalid_dpop_proof' } as const;

const nonce =
  (change: (right: Buffer) => Buffer): Make =>
  (right) => {
    const changed = change(Buffer.from(String(right.claims.nonce), 'base64url'));
    return claims({ nonce: changed.toString('base64url') })(right);
  };

const madeAt = (time: number) => (right: Buffer) => {
  right.writeUIntBE(time, 0, 6);
  return right;
};

const ath =
  (change: (access_token: string) => unknown): Make =>
  (right) =>
    claims({ ath: change(right.access_token) })(right);

const sha256 = (text: string) => createHash('sha256').update(text);

/** RFC 9449 §4.3 (10), (12), §8, §9, §11.1: proofs that were used, and of another server, token or key. */
export const wrongUses: readonly WrongProof[] = [
  {
    rule: 'D08',
    what: 'a proof that was used before',
    make: async (right) => {
      const proof = await proofWith(right);
      await right.use(proof);
      return [proof];
    },
  },
  {
    rule: 'D08',
    what: 'another proof with a jti that was used',
    make: async (right) => {
      const jti = randomUUID();
      await right.use(await proofWith(right, { claims: { jti } }));
      return [await proofWith(right, { claims: { jti, iat: stoppedAt - 1 } })];
    },
  },
  { rule: 'D06', what: 'no nonce', make: claims({ nonce: undefined }), expected: wantsNonce },
  { rule: 'D06', what: 'an empty nonce', make: claims({ nonce: '' }), expected: wantsNonce },
  {
    rule: 'D06',
    what: 'a nonce with padding, which decoders overlook',
    make: (right) => claims({ nonce: `${right.claims.nonce}==` })(right),
    expected: wantsNonce,
  },
  {
    rule: 'D06',
    what: 'a nonce that is a number',
    make: claims({ nonce: 7 }),
    expected: wantsNonce,
  },
  {
    rule: 'D06',
    what: 'a nonce of another server',
    make: nonce((right) => Buffer.alloc(right.length, 7)),
    expected: wantsNonce,
  },
  {
    rule: 'D06',
    what: 'a nonce with one bit changed',
    make: nonce((right) => {
      right.writeUInt8(right.readUInt8(21) ^ 1, 21);
      return right;
    }),
    expected: wantsNonce,
  },
  {
    rule: 'D06',
    what: 'a nonce that was made later than it was',
    make: nonce(madeAt(stoppedAt + 1)),
    expected: wantsNonce,
  },
  {
    rule: 'D06',
    what: 'a nonce of five minutes ago',
    make: nonce(madeAt(stoppedAt - 300)),
    expected: wantsNonce,
  },
  { rule: 'D14', what: 'no ath', make: ath(() => undefined), expected: atTheApi },
  {
    rule: 'D14',
    what: 'the ath of another token',
    make: ath(() => athOf('a.b.c')),
    expected: atTheApi,
  },
  {
    rule: 'D14',
    what: 'an ath in hexadecimal',
    make: ath((token) => sha256(token).digest('hex')),
    expected: atTheApi,
  },
  {
    rule: 'D14',
    what: 'an ath with padding',
    make: ath((token) => `${athOf(token)}=`),
    expected: atTheApi,
  },
  {
    rule: 'D14',
    what: 'the ath of the whole Authorization value',
    make: ath((token) => athOf(`DPoP ${token}`)),
    expected: atTheApi,
  },
  {
    rule: 'D14',
    what: 'a proof by another key than the token is bound to',
    make: async (right) => [await proofWith({ ...right, key: await dpopKey() })],
    expected: { token: 'taken', api: 'invalid_token' },
  },
];
