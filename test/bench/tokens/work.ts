import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { api, client_secret, issuer } from '../../support/a-client.ts';

/** The algorithms by which the contestants sign. */
export const algorithms = ['ES256', 'RS256'] as const;
export type Algorithm = (typeof algorithms)[number];

/** What every contestant is to do: give one client a JWT access token (RFC 9068) for its secret. */
export interface TokenWork {
  readonly issuer: string;
  /** The only resource server; its access tokens have it as `aud`. */
  readonly resource: string;
  readonly client_id: string;
  readonly client_secret: string;
  /** What the client asks for, and all that it may have. */
  readonly scope: string;
  /** Seconds. */
  readonly accessTokenLifetime: number;
  readonly alg: Algorithm;
  readonly kid: string;
  /** The private key. */
  readonly jwk: JWK;
}

/** The work with a key of its own. */
export async function tokenWork(alg: Algorithm): Promise<TokenWork> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    issuer,
    resource: api,
    client_id: 'bench',
    client_secret,
    scope: 'read',
    accessTokenLifetime: 3600,
    alg,
    kid,
    jwk: { ...jwk, kid, alg, use: 'sig' },
  };
}
