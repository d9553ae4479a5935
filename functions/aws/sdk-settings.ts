/**
 * What every SDK client of a function is made with. Three calls that all time out twice still
 * end within the function's ten seconds, so that the caller gets our 503 and not a dead socket.
 */
export const sdkSettings = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1500, throwOnRequestTimeout: true },
} as const;
