import { isDeepStrictEqual } from 'node:util';
import { functionArn } from '../lambda/function.ts';
import type { Resolver } from './resolver.ts';
import { demand, malformed, number, type Resource, resourcesOf, text } from './resource.ts';
import { placeName, type StackTemplate } from './stack-template.ts';

/** A function that is given what is written to a table. */
export interface StreamDefinition {
  /** Its name in the log. */
  readonly name: string;
  readonly streamArn: string;
  readonly table: string;
  readonly functionArn: string;
  /** Records that the function is given at once, at most. */
  readonly batchSize: number;
}

/** The event source mappings of a stack. @throws Error for one that is not of a table's stream */
export function streamsOf(stack: StackTemplate, resolve: Resolver): readonly StreamDefinition[] {
  const tables = resourcesOf(stack, 'AWS::DynamoDB::GlobalTable', resolve);
  return resourcesOf(stack, 'AWS::Lambda::EventSourceMapping', resolve).map((mapping) => {
    demand(mapping, 'StartingPosition', 'TRIM_HORIZON');
    const streamArn = text(mapping, 'EventSourceArn');
    const [, table] =
      /:dynamodb:[^:]*:[^:]*:table\/([^/]+)\/stream\/[\w:.-]+$/.exec(streamArn) ?? [];
    if (table === undefined) throw malformed(mapping, 'EventSourceArn');
    const source = tables.find(({ id }) => resolve(stack, { Ref: id }) === table);
    // A table that is there already is in no template: an earlier start has made it.
    if (source) demandStream(source);
    return {
      name: placeName(mapping),
      streamArn,
      table,
      functionArn: functionArn(text(mapping, 'FunctionName')),
      batchSize: number(mapping, 'BatchSize', 100),
    };
  });
}

/** The emulation makes both images, and tells items apart by one attribute. */
function demandStream(table: Resource): void {
  const { StreamSpecification, KeySchema } = table.properties;
  const view = { StreamViewType: 'NEW_AND_OLD_IMAGES' };
  if (!isDeepStrictEqual(StreamSpecification, view)) throw malformed(table, 'StreamSpecification');
  const key = [{ AttributeName: 'pk', KeyType: 'HASH' }];
  if (!isDeepStrictEqual(KeySchema, key)) throw malformed(table, 'KeySchema');
}
