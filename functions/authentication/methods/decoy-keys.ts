import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { AssertionAlgorithm } from '../../oauth/assertion-algorithms.ts';
import { candidateKeys, parseAssertionKeys, type SignedBy } from '../../oauth/assertion-keys.ts';
import type { ReadKey } from '../../oauth/imported-keys.ts';

/** Makes a public key, as a set has it, that could have made a signature of so many octets. */
type Decoy = (size: number) => JWK;

const ed25519 = once(() => generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }));

/** The decoys. The private half of a pair is dropped as soon as it is made: nobody has it. */
const decoys: Readonly<Record<AssertionAlgorithm, Decoy>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: ec('P-256'),
  ES384: ec('P-384'),
  ES512: ec('P-521'),
  EdDSA: ed25519,
  Ed25519: ed25519,
};

/**
 * Keys that no client has, for what a signature says of its key: each costs what a client's own key would.
 * None where no key at all could have made the signature. Nothing that verifies by one counts.
 */
export function decoyKeys(
  by: SignedBy & { readonly alg: AssertionAlgorithm },
  count: number,
): readonly ReadKey[] {
  const decoy = decoys[by.alg];
  // Each is read for itself, as the keys of a client are.
  const read = () => {
    const keys = [decoy(by.signature.length)];
    return [...candidateKeys(parseAssertionKeys({ keys }), { ...by, kid: undefined })];
  };
  return Array.from({ length: count }, read)
    .flat()
    .filter((key) => typeof key !== 'string');
}

/** An EC key. It is made when it is needed first, which takes less than a millisecond. */
function ec(namedCurve: string): Decoy {
  return once(() => generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }));
}

const random = randomBytes(512).fill(0xff, 0, 16);

/**
 * An RSA key of the size that the signature is of. Any odd number is as slow as a real modulus, which takes
 * long to find. It is so near to the largest number that a signature is below it.
 */
function rsa(size: number): JWK {
  const modulus = Buffer.concat([random.subarray(0, size - 1), odd]);
  return { kty: 'RSA', e: 'AQAB', n: modulus.toString('base64url') };
}

const odd = Buffer.from([1]);

function once(make: () => JWK): Decoy {
  let made: JWK | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
