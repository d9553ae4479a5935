import { MalformedPolicyDocumentException } from '@aws-sdk/client-kms';

/** Whether KMS is to let be its check that the caller may put a policy later on. */
type LockoutCheck = { readonly BypassPolicyLockoutSafetyCheck: boolean };

/**
 * Sends a policy with KMS's check, and without it where KMS refuses the policy. Our role and the account's
 * administrators may put another, so nobody is locked out; but whether the check minds conditions is not
 * documented, and some organizations forbid to go without it. A refusal has made no key.
 */
export async function checkedOrNot<Output>(
  send: (check: LockoutCheck) => Promise<Output>,
): Promise<Output> {
  try {
    return await send({ BypassPolicyLockoutSafetyCheck: false });
  } catch (error) {
    if (!(error instanceof MalformedPolicyDocumentException)) throw error;
    return send({ BypassPolicyLockoutSafetyCheck: true });
  }
}
