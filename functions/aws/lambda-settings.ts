import { env, optionalEnv } from './env.ts';

/** What Lambda sets in the environment of each function. */
interface LambdaEnvironment {
  readonly AWS_REGION: string;
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN: string;
}

/** The services that functions call, by what AWS_ENDPOINT_URL_ is followed by where one is elsewhere. */
type Service = 'DYNAMODB' | 'KMS' | 'RESOURCE_GROUPS_TAGGING_API';

/**
 * Where an SDK client finds its service and by what it signs: all of it from Lambda's environment. What
 * is said here the SDK need not look for, in files and at services that a function does not have.
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
  } as const;
}

/**
 * The credentials of the function's role, as the environment has them at each call: the SDK keeps what
 * a provider gives for good, unless the provider says that it keeps them itself.
 */
const lambdaCredentials = Object.assign(
  async () => ({
    accessKeyId: env<LambdaEnvironment>('AWS_ACCESS_KEY_ID'),
    secretAccessKey: env<LambdaEnvironment>('AWS_SECRET_ACCESS_KEY'),
    sessionToken: optionalEnv('AWS_SESSION_TOKEN'),
  }),
  { memoized: true },
);
