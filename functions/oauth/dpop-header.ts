import { decodeProtectedHeader, type JWK, type ProtectedHeaderParameters } from 'jose';
import { type AssertionAlgorithm, algorithmsFor } from './assertion-algorithms.ts';
import type { DpopHeader } from './dpop-key.ts';
import { invalidProof } from './oauth-error.ts';
import { hasSecretMember } from './public-jwk.ts';

/** Characters; a longer proof is not even decoded. One by an RSA key of 4096 bits has some 2,200. */
const maxLength = 8192;

/**
 * Reads the header of a DPoP proof, unverified (RFC 9449 §4.2, §4.3 (2) to (5), (7)).
 * @returns by which public key the proof has to verify
 * @throws OAuthError `invalid_dpop_proof`
 */
export function parseDpopHeader(
  proof: string,
  algorithms: readonly AssertionAlgorithm[],
): DpopHeader {
  // Two headers arrive as one value with a comma in it.
  if (proof.includes(',')) throw invalidProof('there is more than one');
  // RFC 7515 §5.2: no white space, no padding, which decoders are known to overlook.
  if (proof.length > maxLength || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof)) {
    throw invalidProof('it is no JWT');
  }
  const { typ, alg, jwk } = decode(proof);
  if (!isProofType(typ)) throw invalidProof('typ is not dpop+jwt');
  // RFC 8725 §3.1: the header chooses among our algorithms, and adds none.
  const algorithm = algorithms.find((name) => name === alg);
  if (algorithm === undefined) throw invalidProof(`alg is none of ${algorithms.join(' ')}`);
  if (!isPublicKey(jwk)) throw invalidProof('jwk is no public key');
  if (!isFor(algorithm, jwk)) throw invalidProof('jwk is not for signatures with its alg');
  if (!isCheap(jwk)) throw invalidProof('jwk has more than 4096 bits, or another e than 65537');
  return { alg: algorithm, jwk };
}

function decode(proof: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(proof);
  } catch {
    throw invalidProof('its header is no JSON object');
  }
}

/** RFC 7515 §4.1.9 */
const isProofType = (typ: unknown): boolean =>
  typeof typ === 'string' && /^(application\/)?dpop\+jwt$/i.test(typ);

/** Every member that makes a key must be a text: WebCrypto would read a list as one. */
function isPublicKey(jwk: unknown): jwk is JWK {
  const members: Readonly<Record<string, unknown>> = { ...Object(jwk) };
  const { kty, crv = '-', x = '-', y = '-', n = '-', e = '-' } = members;
  const areTexts = [kty, crv, x, y, n, e].every(
    (member) => typeof member === 'string' && /^[\w-]+$/.test(member),
  );
  return areTexts && !hasSecretMember(members);
}

/** Whether a key is of the algorithm's type, and may verify with it (RFC 7517 §4.2 to §4.4). */
function isFor(algorithm: AssertionAlgorithm, jwk: JWK): boolean {
  const { use = 'sig', key_ops = ['verify'], alg = algorithm } = jwk;
  const isOfItsType = algorithmsFor(jwk).includes(algorithm);
  return isOfItsType && use === 'sig' && alg === algorithm && [key_ops].flat().includes('verify');
}

/** Characters of base64url for 4096 bits. */
const maxModulus = 683;

/** Anybody can have a proof verified, and a huge modulus or exponent makes that a hundred times as slow. */
const isCheap = ({ kty, n = '', e }: JWK): boolean =>
  kty !== 'RSA' || (n.length <= maxModulus && e === 'AQAB');
