import { createHash } from 'node:crypto';
import { proofLifetime, type VerifiedProof } from './dpop-proof.ts';
import { invalidProof } from './oauth-error.ts';
import type { ReplayGuard } from './replay.ts';

/**
 * Lets a DPoP proof through once (RFC 9449 §11.1): its `jti` is remembered, by its key and where it
 * was used, for as long as the proof could be accepted.
 * @throws OAuthError `invalid_dpop_proof` the second time; RetryLater when the store cannot tell
 */
export async function checkProofFirstUse(
  { jti, jkt, htu, iat }: VerifiedProof,
  replays: ReplayGuard,
): Promise<void> {
  // A digest: whatever a client chose as its jti, however long.
  const digest = createHash('sha256')
    .update(JSON.stringify([htu, jkt, jti]))
    .digest('base64url');
  const isFirst = await replays.firstUse(`dpop#${digest}`, Math.ceil(iat) + proofLifetime);
  if (!isFirst) throw invalidProof('it was used before (jti)');
}
