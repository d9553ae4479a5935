import type { Key } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, list, member, optionalText } from './request.ts';

type Tag = readonly [key: string, value: string];

const typesOfKeys: readonly unknown[] = ['kms', 'kms:key'];

/**
 * What GetResources finds: keys that have a tag, are of one of the types in ResourceTypeFilters
 * where there are any, and match all of the TagFilters.
 */
export function resourceFilter(request: KmsRequest): (key: Key) => boolean {
  const types = list(request, 'ResourceTypeFilters');
  const isOfType = types.length === 0 || types.some((type) => typesOfKeys.includes(type));
  const filters = list(request, 'TagFilters').map(tagFilter);
  return (key) => {
    const tags = Object.entries(key.tags);
    return isOfType && tags.length > 0 && filters.every((matches) => tags.some(matches));
  };
}

/** One of the TagFilters: one of its values must match; without values, any value does. */
function tagFilter(entry: unknown): (tag: Tag) => boolean {
  const filter = member(entry);
  const name = optionalText(filter, 'Key');
  if (!name) throw new KmsError('InvalidParameterException', 'a tag filter has no Key');
  const values = list(filter, 'Values');
  return ([key, value]) => key === name && (values.length === 0 || values.includes(value));
}
