import { vi } from 'vitest';
import { testAccount } from '../support/test-account.ts';

/** Lets `--stack` find this CloudFormation, DynamoDB, Lambda and STS, and nothing of whoever runs the tests. */
export function stubAwsEnvironment(endpoints: {
  readonly cloudformation: string;
  readonly dynamodb: string;
  readonly lambda: string;
  /** @default none: nothing but a change asks it */
  readonly sts?: string;
}): void {
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', endpoints.cloudformation);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoints.dynamodb);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', endpoints.lambda);
  vi.stubEnv('AWS_ENDPOINT_URL_STS', endpoints.sts ?? 'http://127.0.0.1:1');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const { accessKeyId, secretAccessKey } = testAccount.credentials;
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
}
