import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type StackResource,
} from '@aws-sdk/client-cloudformation';
import { account } from './emulator.ts';

const cloudformation = new CloudFormationClient(account);

/** The stack of the authorization server. */
export const product = 'Countersign';
/** The stack of the API that takes its tokens. */
export const demo = 'CountersignDemoApi';

/** The outputs of a stack. */
export async function outputs(stack: string): Promise<Readonly<Record<string, string>>> {
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: stack }));
  return Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

/** What a stack is made of. */
export async function resources(stack: string): Promise<readonly StackResource[]> {
  const command = new DescribeStackResourcesCommand({ StackName: stack });
  return (await cloudformation.send(command)).StackResources ?? [];
}

/** The physical ids of a stack's resources of one type, those whose logical id begins so. */
export async function physicalIds(
  stack: string,
  type: string,
  prefix = '',
): Promise<readonly string[]> {
  return (await resources(stack))
    .filter((one) => one.ResourceType === type && one.LogicalResourceId?.startsWith(prefix))
    .map(({ PhysicalResourceId = '' }) => PhysicalResourceId);
}

/** The names of the stacks that exist. */
export async function stackNames(): Promise<readonly string[]> {
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand());
  return Stacks.map(({ StackName = '' }) => StackName);
}
