import {
  type AskingClient,
  authenticate,
  type ClientAuthentication,
} from '../authentication/client-authentication.ts';
import type { Decision } from '../authentication/client-endpoint.ts';
import type { KeyProofChecks } from '../authentication/key-proof.ts';
import type { AuditEntry } from '../oauth/audit.ts';
import type { CachedKeyRing } from '../oauth/cached-key-ring.ts';
import type { Records } from '../oauth/cached-records.ts';
import type { Client } from '../oauth/client.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import { isAccessToken, parseOwnAccessToken, revocable } from '../oauth/own-access-token.ts';
import { readOwnJwt } from '../oauth/own-jwt.ts';
import type { Revocation } from '../oauth/revocation.ts';
import { tokenRevocation } from '../oauth/token-revocation.ts';

/** What tells which tokens are of this server. */
export interface OwnTokens {
  readonly issuer: string;
  readonly keyRing: CachedKeyRing;
  /** NumericDate. */
  readonly now: () => number;
}

/** What comes of a token. */
interface TokenRevocation {
  /** Undefined: nothing is to be done. */
  readonly revocation: Revocation | undefined;
  readonly entry: AuditEntry;
}

/**
 * Decides what a client may revoke (RFC 7009 §2.1): an access token of its own that somebody may still accept. Of
 * all others nothing is done, and the client is not told so.
 * @throws OAuthError, also `unsupported_token_type`; RetryLater when it cannot be told
 */
export async function decideRevocation(
  token: string,
  asking: AskingClient,
  clients: Records<Client>,
  endpoint: ClientAuthentication & KeyProofChecks & OwnTokens,
): Promise<Decision & TokenRevocation & Pick<Client, 'client_id'>> {
  const { client, proof, singleUses } = await authenticate(asking, clients, endpoint);
  const nonce = proof && (await endpoint.nonces.issue());
  const decided = await revocationOf(token, client, endpoint);
  return { ...decided, client_id: client.client_id, nonce, singleUses };
}

async function revocationOf(
  text: string,
  { client_id }: Client,
  { issuer, keyRing, now }: OwnTokens,
): Promise<TokenRevocation> {
  const jwt = await readOwnJwt(text, keyRing);
  if (typeof jwt === 'string') return ignored(jwt);
  // RFC 7009 §2.2.1. What else we sign, such as a revocation list, cannot be revoked.
  if (!isAccessToken(jwt))
    throw new OAuthError('unsupported_token_type', 'the token is no access token');
  const token = parseOwnAccessToken(jwt, issuer);
  if (!token) return ignored('the token is of another issuer, or malformed');
  if (token.claims.client_id !== client_id) return ignored('the token is of another client');
  const revocation = tokenRevocation({ ...revocable(token), exp: token.claims.exp }, now());
  if (!revocation) return ignored('the token has expired');
  return { revocation, entry: { outcome: 'revoked', jti: revocation.id } };
}

const ignored = (reason: string): TokenRevocation => ({
  revocation: undefined,
  entry: { outcome: 'ignored', reason },
});
