import { decodeJwt } from 'jose';
import type { AnyTestToken } from './token-props.ts';

/** The tokens that a test has revoked, by their `jti`. */
export interface RevokedTokens extends Iterable<string> {
  /** @throws Error, one sentence, for what is no token of this issuer */
  add(token: AnyTestToken, issuer: string): void;
}

export function revokedTokens(): RevokedTokens {
  const jtis = new Set<string>();
  return {
    add(token, issuer) {
      jtis.add(jtiOf(typeof token === 'string' ? token : token.access_token, issuer));
    },
    [Symbol.iterator]: () => jtis.values(),
  };
}

function jtiOf(access_token: string, issuer: string): string {
  try {
    const { iss, jti } = decodeJwt(access_token);
    if (iss === issuer && jti !== undefined) return jti;
  } catch {
    // No JWT: as for one of somebody else.
  }
  throw new Error(`the token is none of ${issuer}: it can revoke its own alone.`);
}
