import { createHash } from 'node:crypto';
import { dpopKey } from '../support/dpop.ts';
import { claims, forged, header, proofWith, signatureOf, text } from './right-proof.ts';
import type { WrongProof } from './wrong-proofs.ts';

const encoded = (value: string) => Buffer.from(value).toString('base64url');

/** RFC 9449 §4.3 (1) to (3), (6): what is no proof at all, or not one that is signed. */
export const wrongForms: readonly WrongProof[] = [
  { rule: 'D01', what: 'no DPoP header', make: async () => [] },
  { rule: 'D01', what: 'an empty DPoP header', make: async () => [''] },
  {
    rule: 'D01',
    what: 'two DPoP headers',
    make: async (right) => [await proofWith(right), await proofWith(right)],
  },
  {
    rule: 'D01',
    what: 'two proofs in one header',
    make: async (right) => [`${await proofWith(right)}, ${await proofWith(right)}`],
  },
  { rule: 'D02', what: 'what is no JWT', make: async () => ['proof'] },
  { rule: 'D02', what: 'a part too few', make: text((_, [head, payload]) => `${head}.${payload}`) },
  { rule: 'D02', what: 'a part too many', make: text((proof) => `${proof}.AAAA`) },
  { rule: 'D02', what: 'the five parts of a JWE', make: text((proof) => `${proof}.AAAA.AAAA`) },
  { rule: 'D02', what: 'padding', make: text((proof) => `${proof}==`) },
  { rule: 'D02', what: 'a space in front', make: text((proof) => ` ${proof}`) },
  {
    rule: 'D02',
    what: 'a line break in the midst',
    make: text((proof) => proof.replace('.', '.\n')),
  },
  { rule: 'D02', what: 'more than 8 KB', make: claims({ more: 'x'.repeat(8192) }) },
  {
    rule: 'D02',
    what: 'a header that is no JSON',
    make: text((_, [, payload, signature]) => `${encoded('x')}.${payload}.${signature}`),
  },
  { rule: 'D02', what: 'a payload that is no JSON', make: forged({ payload: 'claims' }) },
  { rule: 'D02', what: 'a payload that is a list', make: forged({ payload: '["jti"]' }) },
  { rule: 'D02', what: 'no typ', make: header({ typ: undefined }) },
  { rule: 'D02', what: 'the typ of any JWT', make: header({ typ: 'JWT' }) },
  { rule: 'D02', what: 'the typ of an access token', make: header({ typ: 'at+jwt' }) },
  { rule: 'D02', what: 'half a typ', make: header({ typ: 'dpop' }) },
  {
    rule: 'D03',
    what: 'no signature, alg none',
    make: async ({ key, claims: right }) => {
      const made = { typ: 'dpop+jwt', alg: 'none', jwk: key.jwk };
      const parts = [made, { jti: 'unsigned', ...right }];
      return [`${parts.map((part) => encoded(JSON.stringify(part))).join('.')}.`];
    },
  },
  { rule: 'D03', what: 'alg none with a signature', make: forged({ header: { alg: 'none' } }) },
  {
    rule: 'D03',
    what: 'alg RS256 over a signature with ES256',
    make: forged({ header: { alg: 'RS256' } }),
  },
  {
    rule: 'D03',
    what: 'alg ES384 with a key of P-256',
    make: forged({ header: { alg: 'ES384' } }),
  },
  {
    rule: 'D03',
    what: 'alg HS256 with the public key as the secret',
    make: async (right) => {
      const signer = new TextEncoder().encode(JSON.stringify(right.key.jwk));
      return [await proofWith(right, { header: { alg: 'HS256' }, signer })];
    },
  },
  {
    rule: 'D03',
    what: 'alg HS256 with the secret in jwk',
    make: async (right) => {
      const signer = createHash('sha256').update('secret').digest();
      const jwk = { kty: 'oct', k: signer.toString('base64url') };
      return [await proofWith(right, { header: { alg: 'HS256', jwk }, signer })];
    },
  },
  {
    rule: 'D03',
    what: 'alg RS512, which is not offered',
    make: async (right) => [await proofWith({ ...right, key: await dpopKey('RS512') })],
  },
  {
    rule: 'D03',
    what: 'alg ES512, which is not offered',
    make: async (right) => [await proofWith({ ...right, key: await dpopKey('ES512') })],
  },
  {
    rule: 'D04',
    what: 'a signature with one bit changed',
    make: text((_, [head, payload, signature]) => {
      const bytes = Buffer.from(signature, 'base64url');
      bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
      return `${head}.${payload}.${bytes.toString('base64url')}`;
    }),
  },
  {
    rule: 'D04',
    what: 'an empty signature',
    make: text((_, [head, payload]) => `${head}.${payload}.`),
  },
  {
    rule: 'D04',
    what: 'a signature in DER',
    make: async (right) => {
      const [head, payload] = (await proofWith(right)).split('.');
      const input = `${head}.${payload}`;
      return [`${input}.${signatureOf(input, right.key, 'der').toString('base64url')}`];
    },
  },
  {
    rule: 'D04',
    what: 'the signature of another proof',
    make: async (right) => {
      const [one = '', other = ''] = [await proofWith(right), await proofWith(right)];
      return [one.replace(/[^.]*$/, other.split('.')[2] ?? '')];
    },
  },
];
