import { join } from 'node:path';
import { functionArn } from '../lambda/function.ts';
import type { Resolver } from './resolver.ts';
import { demand, malformed, number, type Resource, resourcesOf, text } from './resource.ts';
import type { StackTemplate } from './stack-template.ts';

/** A Lambda function of a stack. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** `FILE.EXPORT`, as in the template. */
  readonly handler: string;
  /** Path of the module that has the handler. */
  readonly bundle: string;
  readonly exportName: string;
  /** The variables of the template, without those that Lambda adds. */
  readonly variables: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
  /** Megabytes. */
  readonly memorySize: number;
}

/** The functions of a stack. Each runs from the bundle that `cdk deploy` would upload. */
export function functionsOf(
  stack: StackTemplate,
  resolve: Resolver,
): readonly FunctionDefinition[] {
  return resourcesOf(stack, 'AWS::Lambda::Function', resolve).map((resource) => {
    demand(resource, 'Runtime', 'nodejs24.x');
    const name = String(resolve(stack, { Ref: resource.id }));
    const handler = text(resource, 'Handler');
    const [file, exportName = ''] = handler.split('.');
    return {
      name,
      arn: functionArn(name),
      handler,
      bundle: join(assetOf(resource), `${file}.mjs`),
      exportName,
      variables: variablesOf(resource),
      timeout: number(resource, 'Timeout', 3),
      memorySize: number(resource, 'MemorySize', 128),
    };
  });
}

/** The folder that the CDK would upload as the function's code. */
function assetOf({ stack, id, metadata }: Resource): string {
  const path = metadata['aws:asset:path'];
  if (typeof path === 'string') return join(stack.directory, path);
  throw new Error(`${id} of the stack ${stack.name} has no aws:asset:path, so no code to run`);
}

function variablesOf(resource: Resource): Readonly<Record<string, string>> {
  const { Variables = {} } = { ...(resource.properties.Environment as { Variables?: object }) };
  const variables = Object.entries(Variables).map(([name, value]) => {
    if (typeof value === 'object') throw malformed(resource, 'Environment');
    return [name, String(value)];
  });
  return Object.fromEntries(variables);
}
