import type { Client } from '../../oauth/client.ts';
import type { Profile } from '../../oauth/profile.ts';
import type { ReplayGuard } from '../../oauth/replay.ts';
import type { PublishedKeySets } from '../../remote/published-keys.ts';
import type { ClientCredentials } from '../presented-credentials.ts';

/** What the proofs work with. */
export interface Proving {
  readonly issuer: string;
  /** What else an assertion may be made out to: the URLs at which the token endpoint is reached. */
  readonly tokenEndpoints: readonly string[];
  readonly profile: Profile;
  readonly publishedKeys: PublishedKeySets;
  readonly replays: ReplayGuard;
  /** NumericDate. */
  readonly now: () => number;
}

/** What the log is told of a proof: by what the client proved itself. */
export type Proof = Readonly<Record<string, string | undefined>>;

/** The credentials that come on one way. */
export type CredentialsBy<Way extends ClientCredentials['way']> = Extract<
  ClientCredentials,
  { readonly way: Way }
>;

/**
 * Checks that credentials prove a client of one method. Throws OAuthError `invalid_client` with the
 * reason as its cause when they do not, RetryLater when it cannot be told.
 */
export type Prove<Credentials> = (
  credentials: Credentials,
  client: Client,
  proving: Proving,
) => Promise<Proof>;
