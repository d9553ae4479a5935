/**
 * How the SDK clients of a function bear with trouble. A cold start of the token function makes up to nine
 * calls: were each to time out once, they would still end within the function's time, and a call that
 * times out twice gives the caller our 503 and not a dead socket.
 */
export const sdkSettings = {
  retryMode: 'standard',
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
} as const;

/**
 * The same for the SDK clients of a function for which nobody waits: it can bear with a service that
 * is busy, within its minute.
 */
export const patientSdkSettings = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;
