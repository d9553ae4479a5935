import { comparableUri } from '../oauth/comparable-uri.ts';
import type { DpopNonces } from '../oauth/dpop-nonce.ts';
import { type VerifiedProof, verifyDpopProof } from '../oauth/dpop-proof.ts';
import type { Profile } from '../oauth/profile.ts';

/** What the DPoP proof of a client is checked with. */
export interface KeyProofChecks {
  /** The URLs at which the endpoint is reached. */
  readonly urls: readonly string[];
  readonly profile: Profile;
  readonly nonces: DpopNonces;
  /** NumericDate. */
  readonly now: () => number;
}

/**
 * Verifies the DPoP proof of a request, but does not use it up (RFC 9449 §5, §8).
 * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`; RetryLater when nonces cannot be had
 */
export function verifyKeyProof(
  dpop: string,
  { urls, profile, nonces, now }: KeyProofChecks,
): Promise<VerifiedProof> {
  const targets = urls.map(comparableUri);
  return verifyDpopProof(dpop, {
    htm: 'POST',
    isTarget: (htu) => targets.includes(htu),
    access_token: undefined,
    algorithms: profile.dpopAlgorithms,
    nonces,
    now: now(),
  });
}
