import type { CachedKeyRing } from '../oauth/cached-key-ring.ts';
import type { CachedRecords } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
import {
  isAccessToken,
  type OwnAccessToken,
  parseOwnAccessToken,
  revocable,
} from '../oauth/own-access-token.ts';
import { readOwnJwt } from '../oauth/own-jwt.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import { type Revoked, whyRevoked } from '../oauth/revoked.ts';

/** What tells whether a token of this server can be used. */
export interface TokenChecks {
  readonly issuer: string;
  readonly keyRing: CachedKeyRing;
  /** All that is taken back. */
  readonly revocations: { current(): Promise<{ readonly revoked: Revoked }> };
  readonly records: {
    readonly clients: Pick<CachedRecords<Client>, 'read'>;
    readonly resourceServers: Pick<CachedRecords<ResourceServer>, 'read'>;
  };
  /** NumericDate. */
  readonly now: () => number;
}

/** Tells whether the caller may see tokens for this resource server. @throws RetryLater 503 */
export type MaySee = (aud: string) => Promise<boolean>;

/**
 * Makes all checks of a token (RFC 7662 §4).
 * @returns the token if it can be used there; else why not, for the log
 * @throws RetryLater when it cannot be told
 */
export async function activeToken(
  text: string,
  maySee: MaySee,
  checks: TokenChecks,
): Promise<OwnAccessToken | string> {
  const jwt = await readOwnJwt(text, checks.keyRing);
  if (typeof jwt === 'string') return jwt;
  if (!isAccessToken(jwt)) return 'the token is no access token';
  const token = parseOwnAccessToken(jwt, checks.issuer);
  if (!token) return 'the token is of another issuer, or malformed';
  const { aud } = token.claims;
  if (!(await maySee(aud))) return 'the token is for another resource server';
  const problem = timesProblem(token, checks.now()) ?? (await recordsProblem(token, checks));
  return problem ?? token;
}

/** Seconds by which the clock of the instance that issued the token may be ahead. */
const clockTolerance = 5;

function timesProblem({ claims: { exp, nbf } }: OwnAccessToken, now: number): string | undefined {
  if (exp <= now) return 'the token has expired';
  return nbf > now + clockTolerance ? 'the token is not valid yet' : undefined;
}

/** What speaks against a token beyond what it says itself, as it is now. */
async function recordsProblem(
  token: OwnAccessToken,
  { revocations, records }: TokenChecks,
): Promise<string | undefined> {
  const { client_id, aud, iat } = token.claims;
  const [{ revoked }, client, resourceServer] = await Promise.all([
    revocations.current(),
    records.clients.read(client_id),
    records.resourceServers.read(aud),
  ]);
  if (!client) return 'its client is not registered';
  if (client.disabled) return 'its client is disabled';
  if (!resourceServer) return 'its resource server is not registered';
  // What the records say of it reaches the list of revocations a moment later.
  const { tokens_not_before = 0 } = client;
  if (iat < Math.max(tokens_not_before, resourceServer.tokens_not_before ?? 0))
    return 'the tokens of its client, or for its audience, were revoked';
  return whyRevoked(revocable(token), revoked);
}
