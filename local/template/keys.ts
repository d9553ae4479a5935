import type { Tag } from '@aws-sdk/client-kms';
import type { Resolver } from './resolver.ts';
import { demand, malformed, type Resource, resourcesOf, text } from './resource.ts';
import { placePath, type StackTemplate } from './stack-template.ts';

/** A KMS key of a stack: a symmetric one that encrypts. */
export interface KeyDefinition {
  /** Its stack and logical id, `Stack/Id`, by which the next start finds it again. */
  readonly path: string;
  readonly description: string;
  readonly tags: readonly Tag[];
}

/** CloudFormation's defaults, and at the same time the only values that the local stack knows. */
const defaults = { Enabled: true, KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' };

/** The KMS keys of a stack. Their properties may not refer to another key: none exists yet. */
export function keysOf(stack: StackTemplate, resolve: Resolver): readonly KeyDefinition[] {
  return resourcesOf(stack, 'AWS::KMS::Key', resolve).map((key) => {
    const properties = { ...defaults, ...key.properties };
    for (const [name, only] of Object.entries(defaults)) {
      demand({ ...key, properties }, name, only);
    }
    return {
      path: placePath(key),
      description: text(key, 'Description', ''),
      tags: tagsOf(key),
    };
  });
}

function tagsOf(key: Resource): readonly Tag[] {
  const { Tags = [] } = key.properties;
  if (!Array.isArray(Tags)) throw malformed(key, 'Tags');
  return Tags.map(({ Key, Value }) => ({ TagKey: String(Key), TagValue: String(Value) }));
}
