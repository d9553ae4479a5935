import type { SigningAlgorithmName } from '../../../functions/aws/signing-algorithms.ts';
import type { SigningKeys } from '../../../functions/oauth/jws.ts';
import type { PublicJwk } from '../../../functions/oauth/public-jwk.ts';
import { testSigningKey } from '../../../testing/tokens/signing-key.ts';

/** Signing keys whose public half a test can ask for. */
interface MemorySigningKeys extends SigningKeys {
  readonly publicJwk: PublicJwk;
}

/** SigningKeys with one real key pair of node:crypto, which stays the active one. */
export async function memorySigningKeys(
  alg: SigningAlgorithmName = 'RS256',
): Promise<MemorySigningKeys> {
  const { jwk, ...key } = await testSigningKey(alg);
  return { publicJwk: jwk, active: async () => key, successorOf: async () => undefined };
}
