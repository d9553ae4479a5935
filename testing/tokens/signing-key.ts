import { createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type SigningAlgorithm,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import type { SigningKey } from '../../functions/oauth/jws.ts';
import { type PublicJwk, publicJwk } from '../../functions/oauth/public-jwk.ts';

/** A signing key whose private half is in this process. */
export interface TestSigningKey extends SigningKey {
  /** As the JWK Set has it. */
  readonly jwk: PublicJwk;
}

/**
 * Makes a key that signs as those of a deployment do.
 * @throws Error, one sentence, for an algorithm that there is not, or that this Node has no keys for
 */
export async function testSigningKey(alg: string): Promise<TestSigningKey> {
  const algorithm = knownAlgorithm(alg);
  const privateKey = await newPrivateKey(alg, algorithm.KeySpec);
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const jwk = await publicJwk(spki, alg);
  const { signature, wrapped } = algorithm;
  // ML-DSA has no key pairs that KMS wraps: what signs is Node alone.
  const signInput =
    wrapped?.sign ?? ((input: Uint8Array, key: KeyObject) => sign(null, input, key));
  return { alg, kid: jwk.kid, jwk, sign: async (input) => signature(signInput(input, privateKey)) };
}

function knownAlgorithm(alg: string): SigningAlgorithm {
  const known: Readonly<Record<string, SigningAlgorithm>> = signingAlgorithms;
  const algorithm = Object.hasOwn(known, alg) ? known[alg] : undefined;
  if (algorithm) return algorithm;
  throw new Error(
    `algorithm is ${JSON.stringify(alg)}, but it must be one of ${Object.keys(known).join(', ')}.`,
  );
}

const newKeyPair = promisify(generateKeyPair);

/** What KMS calls a key pair -> makes one. */
const keyPairs = {
  RSA_2048: () => newKeyPair('rsa', { modulusLength: 2048 }),
  ECC_NIST_P256: () => newKeyPair('ec', { namedCurve: 'P-256' }),
  ECC_NIST_P384: () => newKeyPair('ec', { namedCurve: 'P-384' }),
  ECC_NIST_EDWARDS25519: () => newKeyPair('ed25519'),
  ML_DSA_44: () => newKeyPair('ml-dsa-44'),
  ML_DSA_65: () => newKeyPair('ml-dsa-65'),
} satisfies Readonly<
  Record<SigningAlgorithm['KeySpec'], () => Promise<{ readonly privateKey: KeyObject }>>
>;

async function newPrivateKey(alg: string, spec: SigningAlgorithm['KeySpec']): Promise<KeyObject> {
  try {
    return (await keyPairs[spec]()).privateKey;
  } catch (cause) {
    throw new Error(`this Node has no keys for ${alg}: take Node 24.6 or newer.`, { cause });
  }
}
