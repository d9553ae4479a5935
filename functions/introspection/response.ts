import { uncached, uncachedJson } from '../authentication/response.ts';
import type { HttpResponse } from '../http/response.ts';
import type { AuditEntry } from '../oauth/audit.ts';
import { customClaimsOf } from '../oauth/custom-claims.ts';
import { type ActiveSigning, activeSigningKey, signActively } from '../oauth/jws.ts';
import type { OwnAccessToken } from '../oauth/own-access-token.ts';
import type { DecidedIntrospection } from './introspection-decision.ts';
import { signedAnswerType } from './request.ts';

/** What answers are made with. */
export interface Answering extends ActiveSigning {
  readonly issuer: string;
  /** NumericDate. */
  readonly now: () => number;
}

/**
 * The answer (RFC 7662 §2.2), signed where the caller wants that (RFC 9701 §5). One that cannot be signed is none.
 * @throws RetryLater 503
 */
export async function answer(
  { request, client_id, token }: DecidedIntrospection,
  answering: Answering,
): Promise<HttpResponse> {
  const token_introspection = typeof token === 'string' ? { active: false } : describe(token);
  if (!request.isSigned)
    return { statusCode: 200, headers: uncachedJson, body: JSON.stringify(token_introspection) };
  const { issuer, now } = answering;
  // No `sub` and no `exp`: nobody must take it for an access token (RFC 9701 §8.1).
  const claims = { iss: issuer, aud: client_id, iat: now(), token_introspection };
  const key = await activeSigningKey(answering);
  const { jwt } = await signActively(signedAnswerType, claims, key, answering);
  const headers = { 'Content-Type': `application/${signedAnswerType}`, ...uncached };
  return { statusCode: 200, headers, body: jwt };
}

/** What is said of a token that can be used (RFC 7662 §2.2, RFC 9449 §6.2, RFC 8705 §3.2), its owner's claims included. */
function describe({ claims }: OwnAccessToken) {
  const { scope, client_id, exp, iat, nbf, sub, aud, iss, jti, cnf } = claims;
  const token_type = cnf?.jkt === undefined ? 'Bearer' : 'DPoP';
  const own = {
    active: true,
    scope,
    client_id,
    token_type,
    exp,
    iat,
    nbf,
    sub,
    aud,
    iss,
    jti,
    cnf,
  };
  return { ...customClaimsOf(claims), ...own };
}

/** What the audit line says of it. */
export const introspected = ({ token }: DecidedIntrospection): AuditEntry =>
  typeof token === 'string'
    ? { outcome: 'introspected', active: false, reason: token }
    : {
        outcome: 'introspected',
        active: true,
        jti: token.claims.jti,
        token_client_id: token.claims.client_id,
      };
