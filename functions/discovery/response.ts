import { problem } from '../http/document-response.ts';
import type { HttpResponse } from '../http/response.ts';

/**
 * Answers every request at the authorization endpoint (RFC 6749 §4.1.2.1, §4.2.2.1): no response type is
 * supported. No client has a redirect URI, so nobody is redirected.
 */
export const unsupportedResponseType = (): HttpResponse =>
  problem(400, 'unsupported_response_type', {
    error_description:
      'this authorization server is for machines: use the client_credentials grant at the token endpoint',
  });
