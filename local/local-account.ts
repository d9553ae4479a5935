/** The AWS account that the local services play. */
export const accountId = '000000000000';
export const region = 'us-east-1';

/** What an AWS client needs for the local services, whatever the machine is configured for. */
export const localAccount = {
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;
