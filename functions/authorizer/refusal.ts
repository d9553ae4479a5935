import { OAuthError } from '../oauth/oauth-error.ts';

/** Whether the error says no to the client; any other is a failure of ours or of the issuer. */
export function isRefusal(error: unknown): boolean {
  return error instanceof OAuthError && error.code !== 'temporarily_unavailable';
}

/**
 * What API Gateway sees of an error: `Unauthorized` makes it answer 401, anything else 500. No
 * more is said.
 */
export function refusal(error: unknown): Error {
  return new Error(isRefusal(error) ? 'Unauthorized' : 'the authorizer cannot decide now');
}
