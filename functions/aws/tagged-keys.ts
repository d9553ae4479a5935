import {
  paginateGetResources,
  type ResourceGroupsTaggingAPIClient,
  type ResourceTagMapping,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { keyTags } from './key-tags.ts';
import type { TaggedKey } from './keys-in-kms.ts';

/** Finds all keys with the tag of the deployment with this registry table. */
export async function taggedKeys(
  client: ResourceGroupsTaggingAPIClient,
  registry: string,
): Promise<readonly TaggedKey[]> {
  const pages = paginateGetResources(
    { client },
    {
      ResourceTypeFilters: ['kms:key'],
      TagFilters: [{ Key: keyTags.registry, Values: [registry] }],
    },
  );
  const found: TaggedKey[] = [];
  for await (const page of pages) {
    found.push(...(page.ResourceTagMappingList ?? []).map(taggedKey));
  }
  return found;
}

function taggedKey({ ResourceARN = '', Tags = [] }: ResourceTagMapping): TaggedKey {
  const tag = (name: string) => Tags.find(({ Key }) => Key === name)?.Value ?? '';
  return {
    key_id: ResourceARN.slice(ResourceARN.lastIndexOf('/') + 1),
    alg: tag(keyTags.algorithm),
    plan: tag(keyTags.plan),
  };
}
