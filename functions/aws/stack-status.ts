import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** What a failed update has made is deleted in the clean-up behind its roll-back. */
const rollingBack = /ROLLBACK_(COMPLETE_CLEANUP_)?IN_PROGRESS$/;

/**
 * Whether CloudFormation is taking a stack back to what it was before a deployment that failed.
 * @throws Error when CloudFormation does not say
 */
export async function isRollingBack(
  cloudFormation: CloudFormationClient,
  StackName: string,
): Promise<boolean> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  const [stack] = Stacks;
  if (stack?.StackStatus) return rollingBack.test(stack.StackStatus);
  throw new Error(`CloudFormation does not say how ${StackName} stands`);
}
