import { Aws, Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * What the metrics of a construct are told apart by. A stack may have several authorization servers, and an account several stacks. A template is not for a
 * stack of one name alone.
 */
export function deploymentName(construct: Construct): string {
  const stack = Stack.of(construct);
  const path = construct.node.path.slice(stack.node.path.length);
  // A dimension of a metric may have 255 characters, and the name of a stack may be 128 of them.
  const short =
    path.length <= 120 ? path : `/${Names.uniqueResourceName(construct, { maxLength: 119 })}`;
  return Aws.STACK_NAME + short;
}
