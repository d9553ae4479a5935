import type { Resolver } from './resolver.ts';
import { resourcesOf, text } from './resource.ts';
import type { StackTemplate } from './stack-template.ts';

/** Whether API Gateway may call a function for a source, such as one route of an API. */
export type Permissions = (functionArn: string, sourceArn: string) => boolean;

/** Reads the Lambda permissions of a stack. Roles and their policies are ignored. */
export function permissionsOf(stack: StackTemplate, resolve: Resolver): Permissions {
  const permissions = resourcesOf(stack, 'AWS::Lambda::Permission', resolve)
    .filter((permission) => text(permission, 'Principal') === 'apigateway.amazonaws.com')
    .filter((permission) => text(permission, 'Action') === 'lambda:InvokeFunction')
    .map((permission) => ({
      functionName: text(permission, 'FunctionName'),
      sources: pattern(text(permission, 'SourceArn', '*')),
    }));
  return (functionArn, sourceArn) =>
    permissions.some(
      ({ functionName, sources }) => functionArn.endsWith(functionName) && sources.test(sourceArn),
    );
}

const pattern = (arn: string) => new RegExp(`^${arn.split('*').map(RegExp.escape).join('.*')}$`);
