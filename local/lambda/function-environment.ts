import { type LocalAccount, region } from '../account/local-account.ts';

/** Where a function finds the local services, and who they take it for. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly kms: string;
  /** Absent: the functions invoke no others. */
  readonly lambda?: string;
  readonly account: LocalAccount;
}

/**
 * The variables that Lambda adds to those of a function: the reserved ones, the credentials of the
 * local account, and the endpoints of the local services, which every AWS SDK reads itself.
 */
export function functionEnvironment(
  { name, handler, memorySize }: { name: string; handler: string; memorySize: number },
  endpoints: Endpoints,
): Readonly<Record<string, string>> {
  return {
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: endpoints.account.credentials.accessKeyId,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
    ...(endpoints.lambda !== undefined && { AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda }),
    AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API: endpoints.kms,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: endpoints.account.credentials.secretAccessKey,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
