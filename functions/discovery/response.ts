import { problem } from '../http/document-response.ts';
import type { HttpResponse } from '../http/response.ts';
import { OAuthError } from '../oauth/oauth-error.ts';

/** Answers an unknown path. */
export const notFound = (): HttpResponse => problem(404, 'not_found');

/**
 * Answers every request at the authorization endpoint (RFC 6749 §4.1.2.1, §4.2.2.1): no response type is
 * supported. No client has a redirect URI, so nobody is redirected.
 */
export const unsupportedResponseType = (): HttpResponse =>
  problem(400, 'unsupported_response_type', {
    error_description:
      'this authorization server is for machines: use the client_credentials grant at the token endpoint',
  });

/** The response to any error: 503 where the key cannot be read now, else a 500 that says nothing. */
export function failure(error: unknown): HttpResponse {
  if (!(error instanceof OAuthError)) return problem(500, 'server_error');
  return problem(503, error.code, {}, { 'Retry-After': '2' });
}
