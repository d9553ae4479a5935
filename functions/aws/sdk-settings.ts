/**
 * Retries and timeouts of the SDK clients of a function that somebody waits for. A cold start of the token
 * function makes up to nine calls: even if each timed out once, they would end within the function's
 * timeout. A call that times out twice gives the caller our 503, not a dead connection.
 */
export const sdkSettings = {
  retryMode: 'standard',
  maxAttempts: 2,
  // A client puts its middlewares together once for each kind of command: a tenth of what a call costs here.
  cacheMiddleware: true,
  // Said, since a client without this member has a logger, which is silent: what each call sends and gets is copied for it.
  logger: undefined,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
} as const;

/**
 * The same for a function that nobody waits for: it has a minute, and tries a busy service for longer.
 */
export const patientSdkSettings = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;
