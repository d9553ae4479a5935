/** The AWS account and the region of the local services. */
export const accountId = '000000000000';
export const region = 'us-east-1';

/** The id of a stack in it. */
export const stackId = (stack: string): string =>
  `arn:aws:cloudformation:${region}:${accountId}:stack/${stack}/local`;

/** Settings of an AWS client for the local services, whatever the machine's own are. */
export const localAccount = {
  region,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const;
