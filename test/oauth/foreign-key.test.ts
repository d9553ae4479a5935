import { generateKeyPairSync } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { readForeignKey, readPublicKey } from '../../functions/oauth/foreign-key.ts';
import { needlessMembers } from '../support/needless-members.ts';
import { contradictoryKeys, weakPoints, weakRsaKeys } from '../support/weak-keys.ts';

const jwkOf = ({ publicKey }: ReturnType<typeof generateKeyPairSync>): object =>
  publicKey.export({ format: 'jwk' });
const rsa = (modulusLength: number) => () => jwkOf(generateKeyPairSync('rsa', { modulusLength }));
const ec = (namedCurve: string) => () => jwkOf(generateKeyPairSync('ec', { namedCurve }));

describe('RFC 7517 §4 a key that somebody else gives', () => {
  test.for<readonly [string, () => object]>([
    ['RSA of 2,048 bits', rsa(2048)],
    ['RSA of 3,072 bits', rsa(3072)],
    ['RSA of 4,096 bits', rsa(4096)],
    ['P-256', ec('P-256')],
    ['P-384', ec('P-384')],
    ['P-521', ec('P-521')],
    ['Ed25519', () => jwkOf(generateKeyPairSync('ed25519'))],
  ])('B15: %s is taken, with members that say what it is for', ([, make]) => {
    const jwk = make();
    expect(readForeignKey(jwk)).toMatchObject({ type: 'public' });
    const said = { ...jwk, use: 'sig', key_ops: ['verify'], kid: 'a', ext: true };
    expect(readForeignKey(said)).toMatchObject({ type: 'public' });
  });

  test.for(needlessMembers)('B15: %s makes no difference', ([, members]) => {
    const keys = [rsa(2048)(), ec('P-256')(), jwkOf(generateKeyPairSync('ed25519'))];
    for (const jwk of keys) {
      expect(readForeignKey({ ...jwk, ...members })).toMatchObject({ type: 'public' });
    }
    // RSA has no curve, and no point on one.
    const none = { crv: null, x: null, y: null };
    expect(readForeignKey({ ...keys[0], ...none, ...members })).toMatchObject({ type: 'public' });
  });

  test.for([...weakRsaKeys, ...weakPoints, ...contradictoryKeys])(
    'B15: %s is not: %s',
    ([, fault, jwk]) => {
      expect(readForeignKey(jwk)).toBe(fault);
    },
  );

  test('B15: the key of a certificate may be of no other type', () => {
    expect(readPublicKey({ ...ec('P-521')() })).toMatchObject({ type: 'public' });
    expect(readPublicKey({ ...jwkOf(generateKeyPairSync('ed448')) })).toBe('type');
    expect(readPublicKey({ ...ec('secp256k1')() })).toBe('type');
  });

  test('B15: every key of Ed25519 is a point, and of the numbers half are', () => {
    for (let made = 0; made < 20; made += 1) {
      expect(readForeignKey(jwkOf(generateKeyPairSync('ed25519')))).toMatchObject({
        type: 'public',
      });
    }
    for (let number = 2; number < 60; number += 1) {
      const octets = Buffer.alloc(32);
      octets.writeUInt8(number);
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: octets.toString('base64url') };
      expect(typeof readForeignKey(jwk)).toBe(isPoint(octets) ? 'object' : 'string');
    }
  });
});

/** What another library says. */
function isPoint(octets: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(octets).isSmallOrder();
  } catch {
    return false;
  }
}
