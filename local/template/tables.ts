import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Resolver } from './resolver.ts';
import { resourcesOf } from './resource.ts';
import type { StackTemplate } from './stack-template.ts';

/**
 * The requests that create a stack's DynamoDB tables. CloudFormation uses the request's names. Streams are none of
 * DynamoDB's here: see streams.ts.
 */
export function tablesOf(
  stack: StackTemplate,
  resolve: Resolver,
): readonly CreateTableCommandInput[] {
  return resourcesOf(stack, 'AWS::DynamoDB::GlobalTable', resolve).map(({ id, properties }) => {
    const { StreamSpecification: _, ...table } = properties;
    return {
      ...(table as unknown as CreateTableCommandInput),
      TableName: String(resolve(stack, { Ref: id })),
    };
  });
}
