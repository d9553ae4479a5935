import type { Tag } from '@aws-sdk/client-kms';
import type { Resolver } from './resolver.ts';
import { demand, malformed, type Resource, resourcesOf, text } from './resource.ts';
import { placePath, type StackTemplate } from './stack-template.ts';

/** A KMS key of a stack: a symmetric one that encrypts. */
export interface KeyDefinition {
  /** What it is remembered by from one start to the next. */
  readonly path: string;
  readonly description: string;
  readonly tags: readonly Tag[];
}

/** What a property is when the template does not say it. */
const defaults = { Enabled: true, KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' };

/** The KMS keys of a stack. Nothing in them may refer to another one. */
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
