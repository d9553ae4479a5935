import middy from '@middy/core';
import type { Audit, AuditEntry } from '../oauth/audit.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import { type HttpRequest, parseHttpRequest } from './request.ts';
import type { HttpResponse } from './response.ts';

/** One HTTP request on its way through a function. It takes the place of API Gateway's event. */
export interface HttpCall extends Omit<HttpRequest, 'body'> {
  /** The text of the body; behind a parser, what that has made of it. */
  body: unknown;
  /** Tells what the audit line is to say, when it is written; whoever understands more of the request adds to it. */
  trail: () => AuditEntry;
}

/** A step before or after the handler of an HTTP function. */
export type HttpMiddleware = middy.MiddlewareObj<HttpCall, HttpResponse>;

/** The handler of a Lambda function behind an HTTP API. */
export type HttpFunction = (event: unknown, context?: unknown) => Promise<HttpResponse>;

/** Milliseconds before Lambda's timeout at which the function gives up by itself. */
const timeoutEarlyInMillis = 500;

/**
 * Composes an HTTP function: the middlewares in their order, then the handler. An error that is thrown on
 * the way goes to `onError` of the middlewares, the last of them first. Shortly before Lambda would end
 * the function without an answer, the request fails as RetryLater 503, and the handler's signal is aborted:
 * it must not begin anything more that has an effect, but for taking back what it has done.
 */
export function httpFunction(
  middlewares: readonly HttpMiddleware[],
  handler: (call: HttpCall, signal: AbortSignal) => Promise<HttpResponse>,
): HttpFunction {
  const composed = middy<HttpCall, HttpResponse>({ timeoutEarlyInMillis, timeoutEarlyResponse })
    .use([httpCall, ...middlewares])
    .handler((call, _context, { signal }) => handler(call, signal));
  // The cast: nothing but the remaining time is read of Lambda's context, and middy does without it.
  return composed as HttpFunction;
}

function timeoutEarlyResponse(): never {
  throw unavailable('the time of the function is over');
}

/** Puts a parsed request in place of the event. */
const httpCall: HttpMiddleware = {
  before(request) {
    const http = parseHttpRequest(request.event);
    const trail = () => ({ request_id: http.requestId, source_ip: http.sourceIp });
    request.event = { ...http, trail };
  },
};

/** Writes the audit line of a request: what its trail says, and of an error what `failed` says. */
export const auditLine = (
  audit: Audit,
  failed: (error: unknown) => AuditEntry,
): HttpMiddleware => ({
  // Nothing is returned: middy would take it for the answer.
  after({ event }) {
    audit(event.trail());
  },
  ...failureLine(audit, failed),
});

/** The same for errors alone. */
export const failureLine = (
  audit: Audit,
  failed: (error: unknown) => AuditEntry,
): HttpMiddleware => ({
  onError({ event, error }) {
    audit({ ...event.trail(), ...failed(error) });
  },
});

/** Turns an error into the answer. Errors of middy and of libraries leave the function in no other way. */
export function errorResponse(
  respond: (error: unknown, call: HttpCall) => HttpResponse,
): HttpMiddleware {
  return {
    onError(request) {
      request.response = respond(request.error, request.event);
    },
  };
}

/** Answers before the handler, and without an audit line, where `answer` gives a response. */
export const earlyAnswer = (
  answer: (call: HttpCall) => HttpResponse | undefined,
): HttpMiddleware => ({ before: ({ event }) => answer(event) });

/** Answers requests of every other method (RFC 9110 §15.5.6). */
export const allowedMethods = (
  methods: readonly string[],
  methodNotAllowed: () => HttpResponse,
): HttpMiddleware =>
  earlyAnswer(({ method }) => (methods.includes(method) ? undefined : methodNotAllowed()));
