import { KMS } from '@aws-sdk/client-kms';
import { localAccount } from './local-account.ts';
import type { KeyDefinition } from './template/keys.ts';
import { placeName } from './template/stack-template.ts';

/** The tag that says which resource of which stack a key is. */
const tagKey = 'countersign:resource';

const nameOf = ({ place, request }: KeyDefinition) => `${placeName(place)} (${request.KeySpec})`;

/**
 * Creates the keys that are not there yet, and gives the id of each by the name of its place. A
 * resource whose key spec changed gets a new key, as it would from CloudFormation.
 */
export async function createKeys(
  endpoint: string,
  definitions: readonly KeyDefinition[],
): Promise<ReadonlyMap<string, string>> {
  const kms = new KMS({ ...localAccount, endpoint });
  try {
    const known = await knownKeys(kms);
    const ids = definitions.map(async (definition) => {
      const id = known.get(nameOf(definition)) ?? (await createKey(kms, definition));
      return [placeName(definition.place), id] as const;
    });
    return new Map(await Promise.all(ids));
  } finally {
    kms.destroy();
  }
}

/** Gives the keys their aliases; one that stood for another key moves. */
export async function createAliases(
  endpoint: string,
  aliases: readonly { readonly AliasName: string; readonly TargetKeyId: string }[],
): Promise<void> {
  const kms = new KMS({ ...localAccount, endpoint });
  try {
    const { Aliases = [] } = await kms.listAliases({});
    const known = Aliases.map(({ AliasName }) => AliasName);
    for (const alias of aliases) {
      await (known.includes(alias.AliasName) ? kms.updateAlias(alias) : kms.createAlias(alias));
    }
  } finally {
    kms.destroy();
  }
}

async function createKey(kms: KMS, definition: KeyDefinition): Promise<string> {
  const Tags = [{ TagKey: tagKey, TagValue: nameOf(definition) }];
  const { KeyMetadata } = await kms.createKey({ ...definition.request, Tags });
  return String(KeyMetadata?.KeyId);
}

async function knownKeys(kms: KMS): Promise<ReadonlyMap<string, string>> {
  const { Keys = [] } = await kms.listKeys({});
  const named = Keys.map(async ({ KeyId }) => {
    const { Tags = [] } = await kms.listResourceTags({ KeyId });
    const tag = Tags.find(({ TagKey }) => TagKey === tagKey);
    return [String(tag?.TagValue), String(KeyId)] as const;
  });
  return new Map(await Promise.all(named));
}
