/** The AWS account and the region of the local services. */
export const accountId = '000000000000';
export const region = 'us-east-1';

/** The id of a stack in it. */
export const stackId = (stack: string): string =>
  `arn:aws:cloudformation:${region}:${accountId}:stack/${stack}/local`;

/** Settings of an AWS client for the local services, whatever the machine's own are. */
export interface LocalAccount {
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The account as the holder of an access key uses it. Its id counts; nobody checks signatures. */
export const localAccount = (accessKeyId: string): LocalAccount => ({
  region,
  credentials: { accessKeyId, secretAccessKey: 'local' },
});
