import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

/** What an access token says, to be changed. */
export interface TokenInHand {
  readonly header: Record<string, unknown> & { alg: string };
  readonly claims: JWTPayload;
}

/** Signs tokens with a key of its own. */
export interface TokenForge {
  /** The public key, as a JWK Set has it. */
  readonly jwk: JWK;
  /** Changes what a token says and signs it. */
  resign(token: string, change: (token: TokenInHand) => void): Promise<string>;
  /** The token that this one was signed anew from; one that was not stays as it is. */
  originalOf(token: string): string;
}

/** Makes a key and what signs with it. */
export async function newTokenForge(): Promise<TokenForge> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const { kty, n, e } = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint({ kty, n, e } as JWK);
  const originals = new Map<string, string>();
  return {
    jwk: { kty, n, e, kid, alg: 'RS256', use: 'sig' } as JWK,
    async resign(token, change) {
      const header = { ...decodeProtectedHeader(token), alg: 'RS256', kid };
      const claims = decodeJwt(token);
      change({ header, claims });
      const resigned = await new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
      originals.set(resigned, token);
      return resigned;
    },
    originalOf: (token) => originals.get(token) ?? token,
  };
}
