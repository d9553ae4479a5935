import type { Kms } from './key-operations.ts';
import { aliasArn, findKey, findLivingKey } from './key-reference.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, optionalText, tags, text } from './request.ts';

/** TagResource: adds tags, and overwrites those of the same key. */
export async function tagResource({ keys }: Kms, request: KmsRequest): Promise<object> {
  const key = findLivingKey(keys, text(request, 'KeyId'));
  await keys.put({ ...key, tags: { ...key.tags, ...tags(request) } });
  return {};
}

/** ListResourceTags, in one page. */
export function listResourceTags({ keys }: Kms, request: KmsRequest): object {
  const key = findKey(keys, text(request, 'KeyId'));
  const Tags = Object.entries(key.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  return { Tags, Truncated: false };
}

/** CreateAlias. */
export async function createAlias({ keys }: Kms, request: KmsRequest): Promise<object> {
  const alias = text(request, 'AliasName');
  if (!/^alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}$/.test(alias)) {
    throw new KmsError('InvalidAliasNameException', `Invalid alias name ${alias}`);
  }
  if (keys.all().some(({ aliases }) => aliases.includes(alias))) {
    const message = `An alias with the name ${aliasArn(alias)} already exists`;
    throw new KmsError('AlreadyExistsException', message);
  }
  const key = findLivingKey(keys, text(request, 'TargetKeyId'));
  await keys.put({ ...key, aliases: [...key.aliases, alias] });
  return {};
}

/** UpdateAlias: moves an alias to another key. */
export async function updateAlias({ keys }: Kms, request: KmsRequest): Promise<object> {
  const alias = text(request, 'AliasName');
  const before = findKey(keys, alias);
  const after = findLivingKey(keys, text(request, 'TargetKeyId'));
  if (before.id === after.id) return {};
  await keys.put({ ...before, aliases: before.aliases.filter((name) => name !== alias) });
  await keys.put({ ...after, aliases: [...after.aliases, alias] });
  return {};
}

/** ListAliases, of one key or of all, in one page. */
export function listAliases({ keys }: Kms, request: KmsRequest): object {
  const reference = optionalText(request, 'KeyId');
  const chosen = reference ? [findKey(keys, reference)] : keys.all();
  const Aliases = chosen.flatMap(({ id, aliases }) =>
    aliases.map((AliasName) => ({ AliasName, AliasArn: aliasArn(AliasName), TargetKeyId: id })),
  );
  return { Aliases, Truncated: false };
}
