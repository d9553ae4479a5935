import { generateKeyPairSync } from 'node:crypto';
import {
  type SigningAlgorithm,
  type SigningAlgorithmName,
  signingAlgorithms,
} from '../../../functions/aws/signing-algorithms.ts';
import type { SigningKeys } from '../../../functions/oauth/jws.ts';
import { type PublicJwk, publicJwk } from '../../../functions/oauth/public-jwk.ts';

/** Signing keys whose public half a test can ask for. */
interface MemorySigningKeys extends SigningKeys {
  readonly publicJwk: PublicJwk;
}

/**
 * SigningKeys with one real key pair of node:crypto, which stays the active one.
 * @throws Error for an algorithm whose keys never leave KMS (ML-DSA)
 */
export async function memorySigningKeys(
  alg: SigningAlgorithmName = 'RS256',
): Promise<MemorySigningKeys> {
  const { wrapped, signature }: SigningAlgorithm = signingAlgorithms[alg];
  if (!wrapped) throw new Error(`there are no keys for ${alg} in memory`);
  const { publicKey, privateKey } = keyPairs[wrapped.KeyPairSpec]();
  const jwk = await publicJwk(publicKey.export({ type: 'spki', format: 'der' }), alg);
  return {
    publicJwk: jwk,
    active: async () => ({
      alg,
      kid: jwk.kid,
      sign: async (input) => signature(wrapped.sign(input, privateKey)),
    }),
    successorOf: async () => undefined,
  };
}

/** What KMS calls a key pair -> makes one. */
const keyPairs = {
  RSA_2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ECC_NIST_P256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ECC_NIST_P384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ECC_NIST_EDWARDS25519: () => generateKeyPairSync('ed25519'),
};
