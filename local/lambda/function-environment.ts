import { localAccount, region } from '../account/local-account.ts';

/** Where a function finds the local services. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly kms: string;
}

/**
 * The variables that Lambda adds to those of a function: the reserved ones, credentials that nobody
 * checks, and the endpoints of the local services, which every AWS SDK reads itself.
 */
export function functionEnvironment(
  { name, handler, memorySize }: { name: string; handler: string; memorySize: number },
  endpoints: Endpoints,
): Readonly<Record<string, string>> {
  return {
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: localAccount.credentials.accessKeyId,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
    AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API: endpoints.kms,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: localAccount.credentials.secretAccessKey,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
