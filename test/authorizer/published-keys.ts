import { audience, start } from '../support/access-tokens.ts';
import { type Alg, algs, type Pair, pair, signing } from './hand-made-token.ts';
import { issuer } from './jose-verifier.ts';

const types = [...new Set(algs.map((alg) => signing[alg][0]))];
const pairs = new Map(types.map((type) => [type, pair(type, type)]));
/** The published key pair of an algorithm. */
export const pairOf = (alg: Alg): Pair =>
  pairs.get(signing[alg][0]) ?? pair(signing[alg][0], 'none');
const jwkOf = (alg: Alg, kid: string) => ({ ...pairOf(alg).jwk, kid });

/** What the issuer publishes: a key of each type, and keys that are no good for some tokens. */
export const jwks = {
  keys: [
    ...[...pairs.values()].map(({ jwk }) => jwk),
    // One kid of two keys: told apart by their types, and not at all.
    jwkOf('RS256', 'shared'),
    jwkOf('ES256', 'shared'),
    jwkOf('ES256', 'twin'),
    pair('P-256', 'twin').jwk,
    { ...jwkOf('RS256', 'RS256 alone'), alg: 'RS256' },
    { ...jwkOf('ES256', 'enc'), use: 'enc' },
    { ...jwkOf('EdDSA', 'signs'), key_ops: ['sign'] },
  ],
};
/** The header of a good token. */
export const rightHeader = (alg: Alg) => ({ alg, typ: 'at+jwt', kid: pairOf(alg).jwk.kid });
/** The claims of one. */
export const rightClaims = {
  iss: issuer,
  aud: audience,
  sub: 'a',
  client_id: 'a',
  iat: start,
  exp: start + 60,
  jti: '1',
  scope: 'read',
};
