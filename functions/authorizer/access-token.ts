import { hash } from 'node:crypto';
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import QuickLRU from 'quick-lru';
import { invalidToken } from '../oauth/oauth-error.ts';
import { type AccessToken, parseClaims, requiredClaims } from './claims.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { KeySet } from './key-set.ts';

/** What an access token has to meet. */
export interface Expectation {
  readonly issuer: string;
  /** This resource server's identifier. */
  readonly audience: string;
  /** See algorithms.ts. */
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
  /** NumericDate. */
  readonly now: () => number;
}

/** Seconds by which the clocks of issuer and authorizer may differ. */
const clockTolerance = 5;

/** Encoded header of a verified token -> its kid. All tokens of a key have the same header. */
const cachedKids = new QuickLRU<string, string>({ maxSize: 100 });

/**
 * Verifies a JWT access token (RFC 9068 §4). Verified tokens are cached until the issuer's keys change;
 * their times are checked each time.
 * @throws OAuthError `invalid_token`; `temporarily_unavailable` while the keys cannot be had.
 */
export async function verifyAccessToken(
  access_token: string,
  expected: Expectation,
): Promise<AccessToken> {
  const header = access_token.slice(0, access_token.indexOf('.'));
  const cachedKid = cachedKids.get(header);
  const kid = cachedKid ?? signingKid(access_token);
  const keySet = await expected.keys(kid);
  // A digest: whoever reads this memory must not find tokens.
  const digest = hash('sha256', access_token, 'hex');
  const cached = keySet.verified.get(digest);
  if (cached !== undefined) return checkTimes(cached, expected.now());
  const token = parseClaims(await verifiedClaims(access_token, keySet, expected), kid);
  keySet.verified.set(digest, token);
  // A copy: V8 would keep the whole token in memory for a slice of it.
  if (cachedKid === undefined) cachedKids.set(Buffer.from(header).toString(), kid);
  return token;
}

function signingKid(access_token: string): string {
  checkForm(access_token);
  try {
    const { kid } = decodeProtectedHeader(access_token);
    if (typeof kid === 'string') return kid;
  } catch {
    return refuse('the token is not a JWT');
  }
  return refuse('the token names no key (kid)');
}

// RFC 7515 §5.2: no white space and no padding; some decoders would take them.
function checkForm(access_token: string): void {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(access_token)) refuse('the token is not a JWT');
}

// RFC 8725 §3.1: the header chooses among the configured algorithms, and adds none.
async function verifiedClaims(
  access_token: string,
  keySet: KeySet,
  { issuer, audience, algorithms, now }: Expectation,
): Promise<JWTPayload> {
  checkForm(access_token);
  try {
    const { payload } = await jwtVerify(access_token, keySet.find, {
      typ: 'at+jwt',
      issuer,
      audience,
      algorithms: [...algorithms],
      requiredClaims,
      clockTolerance,
      currentDate: new Date(now() * 1000),
    });
    return payload;
  } catch (error) {
    // Only the beginning of the message: it may quote the token.
    return refuse(String(error).slice(0, 200));
  }
}

function checkTimes(token: AccessToken, now: number): AccessToken {
  if (token.exp <= now - clockTolerance) return refuse('the token has expired (exp)');
  if ((token.nbf ?? 0) > now + clockTolerance) return refuse('the token is not valid yet (nbf)');
  return token;
}

function refuse(cause: string): never {
  throw invalidToken(cause);
}
