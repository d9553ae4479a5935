import type { SigningAlgorithmName } from '../../functions/aws/signing-algorithms.ts';

/** How tokens can be signed: by KMS each, or by a key that KMS has wrapped. */
export const signings = ['kms', 'kms-wrapped'] as const;

/** How clients can prove themselves, as far as it makes a difference to the bill. */
export const authentications = ['secret', 'assertion'] as const;

/** What a deployment does in a month. */
export interface Workload {
  /** Tokens that are issued. */
  readonly tokensPerMonth: number;
  /** Registered clients. */
  readonly clients: number;
  readonly algorithm: SigningAlgorithmName;
  readonly signing: (typeof signings)[number];
  /** Requests that get one token, where tokens are used again; 1: each has its own. */
  readonly requestsPerSignature: number;
  /** The share of lookups that an instance answers from memory, 0 to 1. */
  readonly clientCacheHits: number;
  readonly auth: (typeof authentications)[number];
  /** Whether each token is bound to a key by a DPoP proof. */
  readonly dpop: boolean;
}
