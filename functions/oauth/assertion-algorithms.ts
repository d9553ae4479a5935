/** The keys that an algorithm is for, and the octets of its signatures; an RSA signature is as long as the modulus. */
interface Fitting {
  readonly kty: string;
  readonly crv?: string;
  readonly signatureSize?: number;
}

/**
 * JOSE algorithm -> the keys that fit it, for client assertions (RFC 7518 §3.1, §3.4, RFC 8037 §3.1,
 * RFC 9864 §2.2). Asymmetric ones alone: a client's key is public here.
 */
const fittings = {
  RS256: { kty: 'RSA' },
  RS384: { kty: 'RSA' },
  RS512: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  PS384: { kty: 'RSA' },
  PS512: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256', signatureSize: 64 },
  ES384: { kty: 'EC', crv: 'P-384', signatureSize: 96 },
  ES512: { kty: 'EC', crv: 'P-521', signatureSize: 132 },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', signatureSize: 64 },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', signatureSize: 64 },
} as const satisfies Readonly<Record<string, Fitting>>;

export type AssertionAlgorithm = keyof typeof fittings;

const entries = Object.entries<Fitting>(fittings) as readonly (readonly [
  AssertionAlgorithm,
  Fitting,
])[];

/** The algorithms by which a client may sign an assertion, as the metadata announce them. */
export const assertionAlgorithms = entries.map(([alg]) => alg);

/**
 * The algorithms by which a client may sign a DPoP proof, as the metadata announce them. They are fewer: the key of
 * a proof is made for it, and none has to be used that somebody else has chosen.
 */
export const dpopAlgorithms: readonly AssertionAlgorithm[] = [
  'RS256',
  'PS256',
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
];

/** The algorithms that a public key can be used with; none: the key is of no use here. */
export const algorithmsFor = (jwk: {
  readonly kty?: string | undefined;
  readonly crv?: string | undefined;
}): readonly AssertionAlgorithm[] =>
  entries
    .filter(
      ([, { kty, crv }]) => kty === jwk.kty && crv === (jwk.kty === 'RSA' ? undefined : jwk.crv),
    )
    .map(([alg]) => alg);

/** Octets of each signature by an algorithm; undefined: it depends on the key, or there is no such algorithm. */
export const signatureSize = (alg: string): number | undefined =>
  entries.find(([name]) => name === alg)?.[1].signatureSize;

/**
 * Reads a space-delimited list of these algorithms.
 * @throws Error that names the first word which is none
 */
export function parseAssertionAlgorithms(text: string): readonly AssertionAlgorithm[] {
  return text.split(' ').map((word) => {
    const algorithm = assertionAlgorithms.find((name) => name === word);
    if (algorithm) return algorithm;
    throw new Error(`"${word}" is no algorithm of clients, such as ES256`);
  });
}
