import { createHash } from 'node:crypto';
import { invalidClient } from '../../oauth/oauth-error.ts';
import type { ReplayGuard } from '../../oauth/replay.ts';
import { type AssertionClaims, clockSkew } from './assertion-claims.ts';

/**
 * Lets an assertion through once (RFC 7523 §3 (7)): its `jti` is remembered, by whose it is, for as
 * long as it could be accepted.
 * @param owner the client, or the issuer, within which a `jti` is unique
 * @throws OAuthError `invalid_client` the second time or without a `jti`; RetryLater when the store
 *   cannot tell.
 */
export async function checkFirstUse(
  owner: string,
  { jti, exp }: Pick<AssertionClaims, 'jti' | 'exp'>,
  replays: ReplayGuard,
): Promise<void> {
  if (jti === undefined) throw invalidClient('no jti');
  // A digest: whatever a client chose as its jti, however long.
  const digest = createHash('sha256')
    .update(JSON.stringify([owner, jti]))
    .digest('base64url');
  const isFirst = await replays.firstUse(`assertion#${digest}`, Math.ceil(exp) + clockSkew);
  if (!isFirst) throw invalidClient('the assertion was used before (jti)');
}
