import { hash } from 'node:crypto';
import QuickLRU from 'quick-lru';
import { invalidToken } from '../oauth/oauth-error.ts';
import { type AccessToken, type Parties, parseClaims } from './claims.ts';
import type { ForeignIssuers } from './foreign-issuers.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { accessTokenTyp, parseHeader, type TokenHeader, verifySignature } from './signed-token.ts';

/** What an access token has to meet. */
export interface Expectation extends Parties {
  /** See algorithms.ts. */
  readonly algorithms: readonly string[];
  /** Of this expectation alone: a token that they have verified for it is not compared with any other. */
  readonly keys: IssuerKeys;
  /** Other issuers whose tokens get in, too. */
  readonly foreign?: ForeignIssuers | undefined;
  /** NumericDate. */
  readonly now: () => number;
}

/** Seconds by which the clocks of issuer and authorizer may differ. */
const clockTolerance = 5;

/** Encoded header of a verified token -> the header. All tokens of a key have the same one. */
const cachedHeaders = new QuickLRU<string, TokenHeader>({ maxSize: 100 });

/**
 * Verifies a JWT access token (RFC 9068 §4). Verified tokens are cached until the issuer's keys change;
 * their times are checked each time.
 * @throws OAuthError `invalid_token`; `temporarily_unavailable` while the keys cannot be had.
 */
export async function verifyAccessToken(
  access_token: string,
  expected: Expectation,
): Promise<AccessToken> {
  const encoded = access_token.slice(0, access_token.indexOf('.'));
  const cachedHeader = cachedHeaders.get(encoded);
  const header = cachedHeader ?? parseHeader(access_token);
  const foreign = expected.foreign?.(access_token);
  const { algorithms, keys: keysFor, ...parties } = foreign ?? expected;
  const { keys, verified } = await keysFor(header.kid);
  // A digest: whoever reads this memory must not find tokens.
  const digest = hash('sha256', access_token, 'hex');
  const cached = verified.get(digest);
  if (cached !== undefined) return checkTimes(cached, expected.now());
  const typ = foreign?.typ ?? accessTokenTyp;
  const claims = verifySignature(access_token, header, { keys, algorithms, typ });
  const said = foreign?.translated(claims) ?? claims;
  const token = checkTimes(parseClaims(said, header.kid, parties), expected.now());
  verified.set(digest, token);
  // A copy: V8 would keep the whole token in memory for a slice of it.
  if (cachedHeader === undefined) cachedHeaders.set(Buffer.from(encoded).toString(), header);
  return token;
}

function checkTimes(token: AccessToken, now: number): AccessToken {
  if (token.exp <= now - clockTolerance) {
    throw invalidToken('JWTExpired: "exp" claim timestamp check failed');
  }
  if (token.nbf !== undefined && token.nbf > now + clockTolerance) {
    throw invalidToken('JWTClaimValidationFailed: "nbf" claim timestamp check failed');
  }
  return token;
}
