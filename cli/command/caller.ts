import type { STSClientConfig } from '@aws-sdk/client-sts';
import { CliError } from '../io/cli-error.ts';
import { awsFailure } from './aws-trouble.ts';

/**
 * Who AWS says that the operator is: the ARN of GetCallerIdentity, which needs no permission. It is asked once,
 * when it is first wanted.
 * @throws CliError when AWS does not say it: a change that nobody has made is none
 */
export function callerOf(account: STSClientConfig): () => Promise<string> {
  let caller: Promise<string> | undefined;
  return () => {
    caller ??= askForCaller(account);
    return caller;
  };
}

async function askForCaller(account: STSClientConfig): Promise<string> {
  // What only reads needs none of it.
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const sts = new STSClient(account);
  try {
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    if (Arn === undefined) throw new Error('the answer has no ARN');
    return Arn;
  } catch (cause) {
    const { code, message } = awsFailure(cause);
    throw new CliError(`${untold} (${message})`, 1, { code, cause });
  } finally {
    sts.destroy();
  }
}

const untold =
  'each change is recorded with who made it, and AWS STS did not say who you are, so this change was not made; see that `aws sts get-caller-identity` works with these credentials and this Region, then try again';
