import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isLoopbackOrigin } from '../../functions/oauth/secure-url.ts';

/**
 * Lets scripts of pages that come from this computer call an API and read its answers, as API Gateway does
 * where an HTTP API has a CORS configuration that lists them: it answers preflight requests itself, and
 * adds to its own errors as to what functions answer.
 */
export const withLoopbackCors =
  (api: RequestListener): RequestListener =>
  (request, response) => {
    const { origin = '' } = request.headers;
    response.setHeader('vary', 'Origin');
    if (isLoopbackOrigin(origin)) {
      response.setHeader('access-control-allow-origin', origin);
      if (isPreflight(request)) return allow(response);
      response.setHeader('access-control-expose-headers', 'DPoP-Nonce, WWW-Authenticate');
    }
    return api(request, response);
  };

const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

function allow(response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST');
  response.setHeader('access-control-allow-headers', 'Authorization, Content-Type, DPoP');
  response.writeHead(204).end();
}
