import type { AuditEntry } from '../../oauth/audit.ts';
import type { Client } from '../../oauth/client.ts';
import type { Profile } from '../../oauth/profile.ts';
import type { SingleUse } from '../../oauth/replay.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import type { ReadCredentials } from './read-credentials.ts';

/** What the methods of client authentication work with. */
export interface AuthenticationContext {
  readonly issuer: string;
  /** The URLs, beside the issuer, that an assertion may name as its audience. */
  readonly audiences: readonly string[];
  readonly profile: Profile;
  /** Seconds that an assertion may live which a client has signed itself. */
  readonly assertionMaxLifetime: number;
  readonly publishedKeys: PublishedKeySets;
  /** NumericDate. */
  readonly now: () => number;
}

/** How a client has authenticated. */
export interface Authentication {
  /** For the audit line: which secret, key or certificate it was. */
  readonly entry: AuditEntry;
  /** The assertion, where it counts once; undefined: nothing is used up. */
  readonly singleUse?: SingleUse | undefined;
}

/** The credentials that come on one way. */
export type CredentialsBy<Way extends ReadCredentials['way']> = Extract<
  ReadCredentials,
  { readonly way: Way }
>;

/**
 * Checks that credentials are those of a client. Throws OAuthError `invalid_client` with the reason as
 * its cause when they are not, RetryLater when it cannot be told.
 */
export type Authenticate<Credentials> = (
  credentials: Credentials,
  client: Client,
  context: AuthenticationContext,
) => Authentication | Promise<Authentication>;
