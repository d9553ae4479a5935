import type { JWK } from 'jose';
import {
  type ConformanceCase,
  check,
  checkSame,
  type Deployment,
  NotOffered,
} from '../conformance-case.ts';
import { octets } from '../protocol/base64url.ts';
import { checkSignature, fetchKeys, keyOf, thumbprintOf } from '../protocol/jwk-set.ts';
import { obtainToken } from '../protocol/obtained-token.ts';

/** Octets of a signature (RFC 7518 §3.4, RFC 8037 §3.1); that of RSA is as long as its modulus. */
const signatureLengths: Readonly<Record<string, number>> = {
  ES256: 64,
  ES384: 96,
  ES512: 132,
  Ed25519: 64,
  EdDSA: 64,
  'ML-DSA-44': 2420,
  'ML-DSA-65': 3309,
  'ML-DSA-87': 4627,
};

/** Octets of a public key (FIPS 204 §4). */
const moduleLatticeKeyLengths: Readonly<Record<string, number>> = {
  'ML-DSA-44': 1312,
  'ML-DSA-65': 1952,
  'ML-DSA-87': 2592,
};

/** RFC 7518 §3 and its successors: how access tokens are signed. */
export const tokenSignatureCases: readonly ConformanceCase[] = [
  {
    rule: 'E11',
    section: 'RFC 7518 §3.3, §3.4, §3.5',
    title: 'RSA keys have 2048 bits or more, and signatures the one length of their algorithm',
    uses: ['basic'],
    async run(deployment) {
      const token = await obtainToken(deployment, 'basic');
      const keys = await fetchKeys(deployment);
      const key = keyOf(token, keys);
      const { length } = octets('the signature', token.text.split('.')[2]);
      const { alg } = token.header;
      deployment.saw(`alg ${alg}, ${length} octets of signature`);
      checkSame('the length of the signature', length, signatureLength(String(alg), key));
      // Verifying fixes the salt of PS256 and its kin, too.
      await checkSignature('the token', token.text, keys);
      for (const rsa of keys.filter(({ kty }) => kty === 'RSA')) {
        check(bitLength(octets('n', rsa.n)) >= 2048, 'an RSA key has fewer than 2048 bits');
      }
    },
  },
  {
    rule: 'E12',
    section: 'RFC 9864 §2.2',
    title: 'an Ed25519 key is published as Ed25519, not as EdDSA, which names no curve',
    async run(deployment) {
      for (const { crv, alg } of await keysOfType(deployment, 'OKP')) {
        checkSame('alg of an Edwards-curve key', alg, crv);
      }
    },
  },
  {
    rule: 'E13',
    section: 'RFC 9964 §3, §5, RFC 7638 §3',
    title: 'an ML-DSA key has kty AKP, its alg, pub of the right length, and its own thumbprint',
    async run(deployment) {
      for (const key of await keysOfType(deployment, 'AKP')) {
        const expected = moduleLatticeKeyLengths[String(key.alg)];
        check(expected !== undefined, `alg of an AKP key is ${key.alg}`);
        checkSame('the length of pub', octets('pub', key.pub).length, expected);
        checkSame('kid of an AKP key', key.kid, await thumbprintOf(key));
        check(!('priv' in key), 'a private key is published');
      }
    },
  },
];

function signatureLength(alg: string, { n }: JWK): number | undefined {
  return /^[RP]S/.test(alg) ? octets('n', n).length : signatureLengths[alg];
}

function bitLength(integer: Buffer): number {
  return BigInt(`0x${integer.toString('hex')}`).toString(2).length;
}

async function keysOfType(deployment: Deployment, wanted: string): Promise<readonly JWK[]> {
  const keys = (await fetchKeys(deployment)).filter(({ kty }) => kty === wanted);
  if (keys.length === 0) throw new NotOffered(`no published key is of kty ${wanted}`);
  return keys;
}
