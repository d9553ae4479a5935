import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { importJWK, type JWK } from 'jose';
import { algorithmsFor, assertionAlgorithms } from '../functions/oauth/assertion-algorithms.ts';
import { isKeyOf } from '../functions/oauth/certificate-key.ts';

/** What is wrong with a JWK that is private (RFC 7517 §4) or symmetric. */
export const keySecretProblem =
  '--jwks holds a private or shared key, which must never leave the client: replace that key by a new one, and give only its public part';

/** Whether a JSON object has the one member that every JWK has (RFC 7517 §4.1). */
export const isUsableKey = (key: object): key is JWK & { readonly kty: string } =>
  'kty' in key && typeof key.kty === 'string';

type Key = Readonly<Record<string, unknown>>;
type Rule = readonly [broken: (key: Key) => boolean, sentence: (key: Key) => string];

const fitting = ({ kty, crv }: Key) => algorithmsFor({ kty: text(kty), crv: text(crv) });

// The value comes out of a file: it may be long, and of any type.
const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 60);

const rules: readonly Rule[] = [
  [({ kty }) => text(kty) === undefined, () => 'has no kty'],
  [
    (key) => fitting(key).length === 0,
    ({ kty, crv }) =>
      `has kty ${shown(kty)}${crv === undefined ? '' : ` and crv ${shown(crv)}`}, which fits none of ${assertionAlgorithms.join(', ')}`,
  ],
  [
    (key) => key.alg !== undefined && !fitting(key).some((alg) => alg === key.alg),
    (key) => `has alg ${shown(key.alg)}; a key like it is for ${fitting(key).join(' or ')}`,
  ],
  [
    ({ use }) => use !== undefined && use !== 'sig',
    ({ use }) => `has use ${shown(use)}: the key that a client signs with is for "sig"`,
  ],
  [
    ({ key_ops: ops }) => ops !== undefined && !(Array.isArray(ops) && ops.includes('verify')),
    () => 'has key_ops without "verify"',
  ],
  [
    ({ kid }) => kid !== undefined && !/^[\x21-\x7E]{1,200}$/.test(text(kid) ?? ''),
    () => 'has a kid that is not 1 to 200 visible ASCII characters',
  ],
];

/**
 * What is wrong with a public key that a client is to be registered with, as the end of a sentence;
 * undefined: nothing. Whether it is a private key is for the caller to look at.
 */
export async function keyProblem(key: Key): Promise<string | undefined> {
  const [, sentence] = rules.find(([broken]) => broken(key)) ?? [];
  if (sentence) return sentence(key);
  const imported = await importKey(key);
  if (!imported)
    return 'is no valid key: a member is missing or malformed, or its point is not on the curve';
  return strengthProblem(imported) ?? certificateProblem(key);
}

/** The key, if both jose and node:crypto can read it; undefined: one cannot. */
async function importKey(key: Key): Promise<KeyObject | undefined> {
  const { kty, crv, n, e, x, y } = key;
  const jwk = { kty, crv, n, e, x, y } as JWK;
  try {
    await importJWK(jwk, fitting(key)[0]);
    return createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** RFC 7518 §3.3 asks for 2048 bits; with the exponent 1 anybody could sign (RFC 8017 §3.1). */
function strengthProblem({ asymmetricKeyDetails = {} }: KeyObject): string | undefined {
  const { modulusLength = 2048, publicExponent = 65_537n } = asymmetricKeyDetails;
  if (modulusLength < 2048) return `is an RSA key of ${modulusLength} bits; 2048 is the least`;
  const sound = publicExponent >= 3n && publicExponent % 2n === 1n;
  return sound ? undefined : `has the RSA exponent ${publicExponent}, which is no sound one`;
}

/** RFC 7517 §4.7: the first certificate is for this key. */
function certificateProblem(key: Key): string | undefined {
  if (key.x5c === undefined) return undefined;
  const problem = 'has an x5c that does not begin with a certificate for this key, in base64';
  const first: unknown = Array.isArray(key.x5c) ? key.x5c[0] : undefined;
  if (typeof first !== 'string') return problem;
  try {
    const certificate = new X509Certificate(Buffer.from(first, 'base64'));
    if (certificate.ca) return 'has a certificate (x5c) of an authority: make it with CA:FALSE';
    return isUsableKey(key) && isKeyOf(certificate, key) ? undefined : problem;
  } catch {
    return problem;
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
