import { vi } from 'vitest';

/** Lets `--stack` find this CloudFormation, DynamoDB and Lambda, and nothing of whoever runs the tests. */
export function stubAwsEnvironment(endpoints: {
  readonly cloudformation: string;
  readonly dynamodb: string;
  readonly lambda: string;
}): void {
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', endpoints.cloudformation);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoints.dynamodb);
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', endpoints.lambda);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
}
