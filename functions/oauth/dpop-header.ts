import { decodeProtectedHeader, type JWK, type ProtectedHeaderParameters } from 'jose';
import { type AssertionAlgorithm, algorithmsFor } from './assertion-algorithms.ts';
import { invalidProof } from './oauth-error.ts';

/** What the header of a DPoP proof says of its key. */
export interface DpopHeader {
  readonly alg: AssertionAlgorithm;
  readonly jwk: JWK;
}

/** Characters; a longer proof is not even decoded. One by an RSA key of 4096 bits has some 2,200. */
const maxLength = 8192;

/**
 * Checks that a DPoP proof is one JWT (RFC 9449 §4.3 (1), (2)).
 * @throws OAuthError `invalid_dpop_proof`
 */
export function checkProofForm(proof: string): void {
  // Two headers arrive as one value with a comma in it.
  if (proof.includes(',')) throw invalidProof('there is more than one');
  // RFC 7515 §5.2: no white space, no padding, which decoders are known to overlook.
  if (proof.length > maxLength || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof)) {
    throw invalidProof('it is no JWT');
  }
}

/**
 * Reads the header of a DPoP proof, unverified (RFC 9449 §4.2, §4.3 (3) to (5)).
 * @returns by which key the proof has to verify; whether that is one is for `readDpopKey`
 * @throws OAuthError `invalid_dpop_proof`
 */
export function parseDpopHeader(
  proof: string,
  algorithms: readonly AssertionAlgorithm[],
): DpopHeader {
  const { typ, alg, jwk } = decode(proof);
  if (!isProofType(typ)) throw invalidProof('typ is not dpop+jwt');
  // RFC 8725 §3.1: the header chooses among our algorithms, and adds none.
  const algorithm = algorithms.find((name) => name === alg);
  if (algorithm === undefined) throw invalidProof(`alg is none of ${algorithms.join(' ')}`);
  if (!isObject(jwk)) throw invalidProof('jwk is no public key');
  if (!isFor(algorithm, jwk)) throw invalidProof('jwk is not for signatures with its alg');
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

const isObject = (jwk: unknown): jwk is JWK =>
  typeof jwk === 'object' && jwk !== null && !Array.isArray(jwk);

/** Whether a key is of the algorithm's type, and for no other algorithm (RFC 7517 §4.4). */
const isFor = (algorithm: AssertionAlgorithm, jwk: JWK): boolean =>
  algorithmsFor(jwk).includes(algorithm) && (jwk.alg ?? algorithm) === algorithm;
