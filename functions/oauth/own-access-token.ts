import * as v from 'valibot';
import type { OwnJwt } from './own-jwt.ts';
import type { RevocableToken } from './revoked.ts';

/** The `typ` of an access token (RFC 9068 §2.1). */
const accessTokenType = 'at+jwt';

const numericDate = v.number();

// Not v.object: a token has the claims that its owner adds, too.
const claimsSchema = v.looseObject({
  iss: v.string(),
  sub: v.string(),
  client_id: v.string(),
  aud: v.string(),
  scope: v.optional(v.string()),
  iat: numericDate,
  nbf: numericDate,
  exp: numericDate,
  jti: v.string(),
  cnf: v.optional(v.object({ jkt: v.optional(v.string()), 'x5t#S256': v.optional(v.string()) })),
  status: v.optional(v.object({ status_list: v.object({ idx: v.number(), uri: v.string() }) })),
});

/** An access token that this server has signed, whatever time it is. */
export interface OwnAccessToken {
  readonly claims: v.InferOutput<typeof claimsSchema>;
  /** The key that signed it. */
  readonly kid: string;
}

/** Whether what we have signed is an access token, and nothing else. */
export const isAccessToken = ({ typ }: OwnJwt): boolean => typ === accessTokenType;

/**
 * Reads an access token that this server has signed.
 * @returns undefined for one of another issuer, that this server was before, and for what we would not issue
 */
export function parseOwnAccessToken(
  { claims, kid }: OwnJwt,
  issuer: string,
): OwnAccessToken | undefined {
  const { success, output } = v.safeParse(claimsSchema, claims);
  return success && output.iss === issuer ? { claims: output, kid } : undefined;
}

/** What of it decides whether it was taken back. */
export const revocable = ({ claims, kid }: OwnAccessToken): RevocableToken => ({
  client_id: claims.client_id,
  aud: [claims.aud],
  jti: claims.jti,
  iat: claims.iat,
  kid,
  status: claims.status?.status_list,
});
