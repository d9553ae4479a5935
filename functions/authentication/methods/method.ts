import type { AuditEntry } from '../../oauth/audit.ts';
import type { Client } from '../../oauth/client.ts';
import type { Profile } from '../../oauth/profile.ts';
import type { SingleUse } from '../../oauth/replay.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import type { ReadCredentials } from './read-credentials.ts';

/** A secret that a client has sent, and one of its foreign hashes. */
export interface SecretQuestion {
  readonly client_id: string;
  readonly secret_id: string;
  /** The hash as it is stored. */
  readonly stored: string;
  readonly client_secret: string;
  /** Whom slow work is counted for; see client-request.ts. */
  readonly source: string;
}

/** Whether a secret has a foreign hash. */
export interface SecretMatch {
  readonly matches: boolean;
  /** The format of the hash that ours has taken the place of; undefined: none was replaced. */
  readonly replaced?: string | undefined;
}

/** Verifies secrets by foreign hashes, which is slow and therefore bounded. */
export interface ImportedSecrets {
  /** @throws RetryLater 503 when it cannot be told, or past a limit */
  match(question: SecretQuestion): Promise<SecretMatch>;
}

/** What the methods of client authentication work with. */
export interface AuthenticationContext {
  readonly issuer: string;
  /** The URLs, beside the issuer, that an assertion may name as its audience. */
  readonly audiences: readonly string[];
  readonly profile: Profile;
  /** Seconds that an assertion may live which a client has signed itself. */
  readonly assertionMaxLifetime: number;
  readonly publishedKeys: PublishedKeySets;
  readonly importedSecrets: ImportedSecrets;
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
