import type { Resolver } from './resolver.ts';
import { customResourcesIn, number, text } from './resource.ts';
import type { StackTemplate } from './stack-template.ts';

/** A custom resource of a stack: a function makes it. */
export interface CustomResourceDefinition {
  readonly stack: string;
  readonly id: string;
  /** Such as `Custom::Thing`. */
  readonly type: string;
  /** The ARN of the function, which the template calls ServiceToken. */
  readonly functionArn: string;
  /** Seconds that the function has for its answer. */
  readonly timeout: number;
  /** As the function gets them: CloudFormation turns all scalars into strings. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The custom resources of a stack. */
export function customResourcesOf(
  stack: StackTemplate,
  resolve: Resolver,
): readonly CustomResourceDefinition[] {
  return customResourcesIn(stack, resolve).map((resource) => ({
    stack: stack.name,
    id: resource.id,
    type: resource.type,
    functionArn: text(resource, 'ServiceToken'),
    timeout: number(resource, 'ServiceTimeout', 3600),
    properties: texts(resource.properties) as Readonly<Record<string, unknown>>,
  }));
}

function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, texts(member)]));
}
