/**
 * JOSE algorithm -> the keys that fit it, for client assertions (RFC 7518 §3.1, RFC 8037 §3.1,
 * RFC 9864 §2.2). Asymmetric ones alone: a client's key is public here.
 */
const fittingKeys = {
  RS256: { kty: 'RSA' },
  PS256: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  ES384: { kty: 'EC', crv: 'P-384' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
} as const satisfies Readonly<Record<string, { readonly kty: string; readonly crv?: string }>>;

export type AssertionAlgorithm = keyof typeof fittingKeys;

/** The algorithms by which a client may sign an assertion, as the metadata announce them. */
export const assertionAlgorithms = Object.keys(fittingKeys) as readonly AssertionAlgorithm[];

/** The algorithms that a public key can be used with; none: the key is of no use here. */
export function algorithmsFor(jwk: {
  readonly kty?: string | undefined;
  readonly crv?: string | undefined;
}): readonly AssertionAlgorithm[] {
  return assertionAlgorithms.filter((alg) => {
    const fitting: { readonly kty: string; readonly crv?: string } = fittingKeys[alg];
    return fitting.kty === jwk.kty && fitting.crv === (jwk.kty === 'RSA' ? undefined : jwk.crv);
  });
}

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
