/** The AWS account that the local services play. */
export const accountId = '000000000000';
export const region = 'us-east-1';

/** The id of a stack in it. */
export const stackId = (stack: string): string =>
  `arn:aws:cloudformation:${region}:${accountId}:stack/${stack}/local`;

/** What an AWS client needs for the local services, whatever the machine is configured for. */
export const localAccount = {
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;
