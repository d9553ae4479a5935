import { localAccount } from '../../local/account/local-account.ts';
import { newAccessKeyId } from '../../local/state/access-key.ts';

/** The access key of the helpers that a test starts. */
export const accessKeyId = newAccessKeyId();

/** Settings of an AWS client that they answer. */
export const testAccount = localAccount(accessKeyId);

/** Headers by which a request names an access key, as one of an AWS client does, without a signature. */
export const naming = (id: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${id}/20250101/us-east-1/any/aws4_request, SignedHeaders=host, Signature=none`,
  'x-amz-date': '20250101T000000Z',
});
