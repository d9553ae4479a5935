import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';

/** Who signs tokens: KMS signs each, or an instance does, with a key that KMS has unwrapped for it. */
export const signings = ['kms', 'kms-wrapped'] as const;

/** How clients authenticate, as far as the bill tells a difference: an assertion is written down. */
export const authentications = ['secret', 'assertion'] as const;

/** What a deployment does in a month. */
export interface Workload {
  /** Tokens that are issued. */
  readonly tokensPerMonth: number;
  /** Registered clients. */
  readonly clients: number;
  readonly alg: SigningAlgorithmName;
  readonly signing: (typeof signings)[number];
  /** How many requests get the same token by the setting tokenReuse; 1: each its own. */
  readonly requestsPerSignature: number;
  /** Milliseconds that Lambda bills for a request on average, as measured; undefined: nobody has. */
  readonly billedMs?: number;
  /** The share of requests whose client an instance has in memory, 0 to 1. */
  readonly clientCacheHits: number;
  readonly auth: (typeof authentications)[number];
  /** Whether each token is bound to a key by a DPoP proof. */
  readonly dpop: boolean;
  /** Busy instances of authorizers that refuse what is revoked. */
  readonly authorizers: number;
  /** Seconds from one look of such an instance at what is revoked to the next. */
  readonly revocationMaxAge: number;
  /** Whether they read the table of revocations, and not the list. */
  readonly readRevocationTable: boolean;
}
