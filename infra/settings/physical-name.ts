import { Names, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What API Gateway takes as the name of an authorizer or of an API. */
const maxLength = 128;

/** A name that no other construct has, however deep in the app it is and however it is called. */
export const physicalName = (of: IConstruct, extra = ''): string =>
  Names.uniqueResourceName(of, { maxLength: maxLength - extra.length }) + extra;

/** A name that tells whose stack it is, where that fits: that of a nested stack is made by the deployment. */
export function nameInStack(of: IConstruct, extra: string): string {
  const { stackName } = Stack.of(of);
  const isShort = !Token.isUnresolved(stackName) && stackName.length + extra.length <= maxLength;
  return isShort ? stackName + extra : physicalName(of, extra);
}
