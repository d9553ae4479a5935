import { CreateKeyCommand, DescribeKeyCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import type { Clients } from '../support/services.ts';

/** Somebody with an account's KMS, who makes keys and tags them as ours. */
export function stranger({ kms }: Pick<Clients, 'kms'>) {
  const made: string[] = [];
  return {
    /** Makes a key for signatures with these tags; gives its id. */
    async makes(
      tags: Readonly<Record<string, string>>,
      KeySpec: 'RSA_2048' | 'ECC_NIST_P256' | 'ECC_NIST_P384' = 'ECC_NIST_P256',
    ): Promise<string> {
      const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
      const command = new CreateKeyCommand({ KeySpec, KeyUsage: 'SIGN_VERIFY', Tags });
      const key_id = String((await kms.send(command)).KeyMetadata?.KeyId);
      made.push(key_id);
      return key_id;
    },
    /** Reads the tags of a key, as whoever may list them can. */
    async readsTags(KeyId: string): Promise<Readonly<Record<string, string>>> {
      const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
      return Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
    },
    made: (): readonly string[] => made,
    /** The states of his keys. */
    async states(): Promise<readonly (string | undefined)[]> {
      const described = made.map((KeyId) => kms.send(new DescribeKeyCommand({ KeyId })));
      return (await Promise.all(described)).map(({ KeyMetadata }) => KeyMetadata?.KeyState);
    },
  };
}
