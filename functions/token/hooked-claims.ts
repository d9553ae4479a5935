import type { HookOutcome } from '../claims-hook/hook.ts';
import type { CustomClaims } from '../oauth/custom-claims.ts';
import { OAuthError, unavailable } from '../oauth/oauth-error.ts';

/**
 * The claims that an owner's hook adds to a token.
 * @throws OAuthError `unauthorized_client` where it has refused; RetryLater 503 where it has failed
 */
export function hookedClaims(outcome: HookOutcome): CustomClaims {
  if ('claims' in outcome) return outcome.claims;
  if ('failed' in outcome) throw unavailable(outcome.failed);
  const cause = 'the claims hook has refused';
  throw new OAuthError('unauthorized_client', outcome.refused, { cause });
}
