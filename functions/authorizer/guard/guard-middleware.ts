import type { HttpResponse } from '../../http/response.ts';

/** What of middy's request a guard reads and writes, in each of the versions 4 to 7. */
export interface GuardedRequest {
  event: unknown;
  response: unknown;
  readonly internal: object;
}

/**
 * A middleware for the function of an HTTP API, whatever its handler takes and returns. Its types are its own, so
 * that an owner needs no types of middy's or Lambda's, and may have another version of middy.
 */
export interface GuardMiddleware {
  before(request: GuardedRequest): Promise<HttpResponse | undefined>;
  after(request: GuardedRequest): void;
  onError(request: GuardedRequest): void;
}
