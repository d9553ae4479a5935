import type { CreateKeyCommandInput } from '@aws-sdk/client-kms';
import type { Resolver } from './resolver.ts';
import { resourcesOf, text } from './resource.ts';
import type { Place, StackTemplate } from './stack-template.ts';

/** What creates a KMS key of a stack. */
export interface KeyDefinition {
  readonly place: Place;
  readonly request: CreateKeyCommandInput;
}

/** The KMS keys of a stack; the properties have the names of the request. */
export function keysOf(stack: StackTemplate, resolve: Resolver): readonly KeyDefinition[] {
  return resourcesOf(stack, 'AWS::KMS::Key', resolve).map(({ id, properties }) => ({
    place: { stack, id },
    request: properties,
  }));
}

/** The aliases of a stack's keys: their names, and the key ids or ARNs that they stand for. */
export function aliasesOf(
  stack: StackTemplate,
  resolve: Resolver,
): readonly { readonly AliasName: string; readonly TargetKeyId: string }[] {
  return resourcesOf(stack, 'AWS::KMS::Alias', resolve).map((alias) => ({
    AliasName: text(alias, 'AliasName'),
    TargetKeyId: text(alias, 'TargetKeyId'),
  }));
}
