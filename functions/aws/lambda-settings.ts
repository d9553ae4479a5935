import type { Readable } from 'node:stream';
import { env, optionalEnv } from './env.ts';

/** What Lambda sets in the environment of each function. */
interface LambdaEnvironment {
  readonly AWS_REGION: string;
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN: string;
}

/** The services that functions call, as the variables AWS_ENDPOINT_URL_… spell them. */
type Service =
  | 'CLOUDFORMATION'
  | 'DYNAMODB'
  | 'KMS'
  | 'LAMBDA'
  | 'RESOURCE_GROUPS_TAGGING_API'
  | 'SECRETS_MANAGER';

/**
 * The endpoint and the credentials of an SDK client, all from Lambda's environment. The SDK looks for each
 * setting that is missing here in configuration files and metadata services, which no function has.
 * @throws Error when there is no region
 */
export function lambdaSettings(service: Service) {
  const endpoint = optionalEnv(`AWS_ENDPOINT_URL_${service}`) ?? optionalEnv('AWS_ENDPOINT_URL');
  return {
    region: env<LambdaEnvironment>('AWS_REGION'),
    credentials: lambdaCredentials,
    endpoint,
    ignoreConfiguredEndpointUrls: endpoint === undefined,
    useFipsEndpoint: optionalEnv('AWS_USE_FIPS_ENDPOINT') === 'true',
    useDualstackEndpoint: optionalEnv('AWS_USE_DUALSTACK_ENDPOINT') === 'true',
    accountIdEndpointMode: 'disabled',
    authSchemePreference: async (): Promise<string[]> => [],
    disableClockSkewCorrection: false,
    endpointDiscoveryEnabled: false,
    userAgentAppId: async () => optionalEnv('AWS_SDK_UA_APP_ID'),
    streamCollector: wholeBody,
  } as const;
}

/**
 * Whether Lambda gives an instance several requests at the same time. It says how many on managed instances
 * alone; what is no such number counts as one.
 */
export const servesSeveral = (): boolean => Number(optionalEnv('AWS_LAMBDA_MAX_CONCURRENCY')) > 1;

/**
 * Reads the credentials of the function's role from the environment at each call. `memoized` says that
 * the provider caches by itself: without it the SDK would use the first ones for good.
 */
const lambdaCredentials = Object.assign(
  async () => ({
    accessKeyId: env<LambdaEnvironment>('AWS_ACCESS_KEY_ID'),
    secretAccessKey: env<LambdaEnvironment>('AWS_SECRET_ACCESS_KEY'),
    sessionToken: optionalEnv('AWS_SESSION_TOKEN'),
  }),
  { memoized: true },
);

/** Milliseconds. The requestTimeout of the SDK ends with the headers, with which such small bodies come. */
const bodyTimeout = 1000;

/**
 * Reads a body, or fails in a way that the SDK tries again: who shares a read would wait for good where it does not
 * come. The SDK's own collector would first load the web's streams, which takes 3 % of a cold start.
 */
async function wholeBody(body: Readable): Promise<Uint8Array> {
  const late = setTimeout(() => {
    body.destroy(Object.assign(new Error('the body does not come'), { name: 'TimeoutError' }));
  }, bodyTimeout);
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(late);
  }
}
