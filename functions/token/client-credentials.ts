import { parseBasicCredentials } from '../oauth/basic-credentials.ts';
import type { AuthMethod } from '../oauth/client.ts';
import { OAuthError } from '../oauth/oauth-error.ts';
import type { PresentedCredentials } from './request.ts';

/** A client_id and what is to prove it, with the method by which they came. */
export interface ClientCredentials {
  readonly client_id: string;
  readonly client_secret: string;
  readonly method: AuthMethod;
}

/** The refusal of every failed client authentication; only the log tells them apart. */
export const invalidClient = (cause: unknown): OAuthError =>
  new OAuthError('invalid_client', 'client authentication failed', { cause });

/**
 * Tells by which one mechanism a client wants to authenticate (RFC 6749 §2.3).
 * @throws OAuthError `invalid_request` for more than one, `invalid_client` for none.
 */
export function selectCredentials(presented: PresentedCredentials): ClientCredentials {
  const { authorization, client_secret, client_assertion } = presented;
  const mechanisms = [authorization, client_secret, client_assertion].filter(
    (it) => it !== undefined,
  );
  if (mechanisms.length > 1) {
    throw new OAuthError('invalid_request', 'more than one way of client authentication is used');
  }
  if (authorization !== undefined) return basicCredentials(authorization, presented.client_id);
  if (client_secret !== undefined) return postCredentials(client_secret, presented.client_id);
  throw invalidClient(
    client_assertion === undefined ? 'no credentials' : 'assertions are not offered',
  );
}

/** `client_secret_basic`; a client_id in the body must be the same one. */
function basicCredentials(authorization: string, client_id: string | undefined): ClientCredentials {
  const basic = parseBasicCredentials(authorization);
  if (!basic) throw invalidClient('the Authorization header is not well-formed Basic');
  if (client_id !== undefined && client_id !== basic.client_id) {
    throw new OAuthError('invalid_request', 'client_id differs from the Authorization header');
  }
  return { ...basic, method: 'client_secret_basic' };
}

/** `client_secret_post`. */
function postCredentials(client_secret: string, client_id: string | undefined): ClientCredentials {
  if (client_id === undefined) throw invalidClient('client_secret without client_id');
  return { client_id, client_secret, method: 'client_secret_post' };
}
