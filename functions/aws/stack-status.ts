import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/**
 * Whether CloudFormation is taking a stack back to what it was before an update that failed.
 * @throws Error when CloudFormation does not say
 */
export async function isRollingBack(
  cloudFormation: CloudFormationClient,
  StackName: string,
): Promise<boolean> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
  const [stack] = Stacks;
  if (stack?.StackStatus) return stack.StackStatus.endsWith('ROLLBACK_IN_PROGRESS');
  throw new Error(`CloudFormation does not say how ${StackName} stands`);
}
