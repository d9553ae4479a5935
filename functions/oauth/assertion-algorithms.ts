/**
 * The keys that an algorithm is for, how WebCrypto knows it, and the octets of its signatures; an RSA signature is as
 * long as the modulus.
 */
interface Fitting {
  readonly kty: string;
  readonly crv?: string;
  readonly webCrypto: WebCryptoKeys;
  readonly signatureSize?: number;
}

/** How WebCrypto knows the keys of an algorithm. */
interface WebCryptoKeys {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
}

const pkcs1 = 'RSASSA-PKCS1-v1_5';
const ecdsa = (namedCurve: string): WebCryptoKeys => ({ name: 'ECDSA', namedCurve });
const ed25519: WebCryptoKeys = { name: 'Ed25519' };

/**
 * JOSE algorithm -> the keys that fit it, for client assertions (RFC 7518 §3.1, §3.4, RFC 8037 §3.1,
 * RFC 9864 §2.2). Asymmetric ones alone: a client's key is public here.
 */
const fittings = {
  RS256: { kty: 'RSA', webCrypto: { name: pkcs1, hash: 'SHA-256' } },
  RS384: { kty: 'RSA', webCrypto: { name: pkcs1, hash: 'SHA-384' } },
  RS512: { kty: 'RSA', webCrypto: { name: pkcs1, hash: 'SHA-512' } },
  PS256: { kty: 'RSA', webCrypto: { name: 'RSA-PSS', hash: 'SHA-256' } },
  PS384: { kty: 'RSA', webCrypto: { name: 'RSA-PSS', hash: 'SHA-384' } },
  PS512: { kty: 'RSA', webCrypto: { name: 'RSA-PSS', hash: 'SHA-512' } },
  ES256: { kty: 'EC', crv: 'P-256', webCrypto: ecdsa('P-256'), signatureSize: 64 },
  ES384: { kty: 'EC', crv: 'P-384', webCrypto: ecdsa('P-384'), signatureSize: 96 },
  ES512: { kty: 'EC', crv: 'P-521', webCrypto: ecdsa('P-521'), signatureSize: 132 },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', webCrypto: ed25519, signatureSize: 64 },
  Ed25519: { kty: 'OKP', crv: 'Ed25519', webCrypto: ed25519, signatureSize: 64 },
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

/** How WebCrypto knows the keys of an algorithm. */
export const webCryptoKeysOf = (alg: AssertionAlgorithm): WebCryptoKeys => fittings[alg].webCrypto;

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
