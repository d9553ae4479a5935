import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';
import type { SigningKeys } from '../../functions/oauth/jws.ts';
import type { PublicJwk } from '../../functions/oauth/public-jwk.ts';
import { memorySigningKeys } from './memory/memory-signing-keys.ts';

type MadeKeys = ReturnType<typeof memorySigningKeys>;

// All endpoints of a test process share them: to make an RSA key takes a tenth of a second.
const made = new Map<SigningAlgorithmName, MadeKeys>();

function keysFor(alg: SigningAlgorithmName): MadeKeys {
  const keys = made.get(alg) ?? memorySigningKeys(alg);
  made.set(alg, keys);
  return keys;
}

/** Signing keys in memory that count. */
interface CountedSigningKeys {
  readonly signingKeys: SigningKeys;
  readonly publicJwk: PublicJwk;
  /** How many signatures were made since this was asked last. */
  signatures(): number;
}

/** Signing keys for an algorithm, with a count of their signatures that nobody shares. */
export async function countedSigningKeys(alg: SigningAlgorithmName): Promise<CountedSigningKeys> {
  const keys = await keysFor(alg);
  let count = 0;
  const active = async () => {
    const key = await keys.active();
    const sign: typeof key.sign = (input) => {
      count += 1;
      return key.sign(input);
    };
    return { ...key, sign };
  };
  const signatures = (): number => {
    const counted = count;
    count = 0;
    return counted;
  };
  return { signingKeys: { ...keys, active }, publicJwk: keys.publicJwk, signatures };
}
