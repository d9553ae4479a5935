import { randomFillSync } from 'node:crypto';
import type { Client } from '../oauth/client.ts';
import type { Confirmation } from '../oauth/confirmation.ts';
import type { CustomClaims } from '../oauth/custom-claims.ts';
import { longestAccessTokenLifetime } from '../oauth/key-times.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import { formatScope } from '../oauth/scope.ts';
import type { StatusPlace } from '../oauth/status-list.ts';
import type { Grant } from './grant.ts';

/** The claims of an access token (RFC 9068 §2.2). Those that its owner adds are beside them (§2.2.2). */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly client_id: string;
  readonly aud: string;
  /** Undefined: there is none. The grammar has no empty scope (RFC 6749 §3.3). */
  readonly scope: string | undefined;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
  readonly jti: string;
  /** What it is bound to; undefined: it is a bearer token. */
  readonly cnf: Confirmation | undefined;
  /** Where its status is (Token Status List §6.1); absent: it has no number, and is revoked by its `jti`. */
  readonly status?: { readonly status_list: StatusPlace } | undefined;
}

/** What is to be signed. */
export interface Unsigned {
  readonly claims: AccessTokenClaims;
  /** NumericDate: no token that was issued before is reused. */
  readonly tokens_not_before: number;
}

/** An access token, what it says, and the key that signed it. */
export interface SignedAccessToken {
  readonly access_token: string;
  readonly claims: AccessTokenClaims;
  readonly kid: string;
}

/** What a token is to say. Of the records, what the claims are made of. */
export interface Granted {
  readonly client: Pick<Client, 'client_id' | 'access_token_lifetime' | 'claims'>;
  readonly grant: Pick<Grant, 'scope'> & {
    readonly resourceServer: Pick<ResourceServer, 'resource' | 'access_token_lifetime' | 'claims'>;
  };
  readonly cnf: Confirmation | undefined;
  /** What the owner's hook adds. @default there is no hook */
  readonly hooked?: CustomClaims | undefined;
}

/** What the deployment decides about its tokens. */
export interface Minting {
  readonly issuer: string;
  /** Seconds; a client or a resource server may have another. */
  readonly accessTokenLifetime: number;
  /** NumericDate. */
  readonly now: () => number;
  /** At least 128 random bits (RFC 6749 §10.10). */
  readonly newJti: () => string;
}

/**
 * Makes the claims of an access token (RFC 9068 §2.2). `sub` is the client. Nothing comes straight from
 * the request: the scope is the granted one.
 */
export function accessTokenClaims(
  { client, grant, cnf, hooked }: Granted,
  minting: Minting,
): AccessTokenClaims {
  const wanted =
    client.access_token_lifetime ??
    grant.resourceServer.access_token_lifetime ??
    minting.accessTokenLifetime;
  // Signing keys stay published for this long after their last signature; no token may live longer.
  const lifetime = Math.min(wanted, longestAccessTokenLifetime);
  const iat = minting.now();
  return {
    // First, so that nothing of an owner takes the place of what this server says.
    ...grant.resourceServer.claims,
    ...client.claims,
    ...hooked,
    iss: minting.issuer,
    sub: client.client_id,
    client_id: client.client_id,
    aud: grant.resourceServer.resource,
    scope: formatScope(grant.scope) || undefined,
    iat,
    nbf: iat,
    exp: iat + lifetime,
    jti: minting.newJti(),
    cnf,
    status: undefined,
  };
}

/** The same claims with the place of the token's status, if there is one. */
export const withStatus = (
  claims: AccessTokenClaims,
  place: StatusPlace | undefined,
): AccessTokenClaims => (place ? { ...claims, status: { status_list: place } } : claims);

/** Octets of a `jti`. */
const size = 16;

/** Those of the next ones. */
const drawn = Buffer.alloc(256 * size);
let used = drawn.length;

/** Makes a `jti` of 128 random bits. They are drawn for many at a time: each draw costs as much as all of them. */
export function newJti(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += size;
  return drawn.toString('base64url', used - size, used);
}
