import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { inTime, late } from '../io/time-limit.ts';
import { type HttpEvent, httpEvent } from './event.ts';
import { GatewayError } from './gateway-error.ts';
import { readRequest } from './request.ts';
import { errorResponse, functionResponse, type GatewayResponse } from './response.ts';
import { matchRoute, type Route } from './route.ts';

/** An HTTP API: its routes, its clock and its log. */
export interface HttpApi {
  readonly id: string;
  readonly routes: readonly Route[];
  /** NumericDate. */
  now(): number;
  /** Takes the reasons of the gateway's own errors. */
  log(line: string): void;
}

/**
 * Answers requests as an API Gateway HTTP API does with Lambda functions behind it: payload format
 * 2.0, its route priorities, throttles, authorizers, limits and error answers. Not modelled: IAM, CORS,
 * and Lambda's own limit of 6 MB.
 */
export function httpApiListener(api: HttpApi): RequestListener {
  return async (message, response) => {
    const requestId = randomBytes(11).toString('base64');
    try {
      send(response, await answer(api, message, requestId), requestId);
    } catch (cause) {
      const error = cause instanceof GatewayError ? cause : new GatewayError(500, { cause });
      api.log(`gateway ${requestId} ${error.status} ${error.message}: ${error.cause ?? ''}`);
      send(response, errorResponse(error), requestId);
    }
  };
}

async function answer(api: HttpApi, message: IncomingMessage, requestId: string) {
  const request = await readRequest(message);
  const match = matchRoute(api.routes, request);
  if (!match) throw new GatewayError(404);
  if (match.route.throttle?.() === false) throw new GatewayError(429);
  const event = httpEvent(request, match, { apiId: api.id, requestId, now: api.now() });
  const lambda = await match.route.authorizer?.(event);
  return integrate(match.route, lambda ? withAuthorizer(event, lambda) : event);
}

const withAuthorizer = (event: HttpEvent, lambda: object): HttpEvent => ({
  ...event,
  requestContext: { ...event.requestContext, authorizer: { lambda } },
});

async function integrate(route: Route, event: HttpEvent): Promise<GatewayResponse> {
  const invocation = await inTime(route.integrationTimeout, route.invoke(event));
  if (invocation === late) throw new GatewayError(503, { cause: 'the integration timed out' });
  if ('payload' in invocation) return functionResponse(invocation.payload);
  throw new GatewayError(500, { cause: `${invocation.errorType} ${invocation.errorMessage}` });
}

/** Sends a response. A client that has hung up meanwhile causes no error. */
function send(response: ServerResponse, gatewayResponse: GatewayResponse, requestId: string) {
  const { status, headers, body } = gatewayResponse;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('apigw-requestid', requestId);
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length);
  response.writeHead(status).end(body);
}
