import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  GetPublicKeyCommand,
  type KeyMetadata,
  type KMSClient,
  ListResourceTagsCommand,
  NotFoundException,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { keyTags } from '../../functions/aws/key-tags.ts';
import type { KeyRing, RingKey } from '../../functions/oauth/key-ring.ts';
import { publicJwk } from '../../functions/oauth/public-jwk.ts';
import { CliError } from '../io/cli-error.ts';
import { date } from '../io/table.ts';
import type { Step } from './step.ts';

/** How a signing key of a ring stands in KMS. */
export interface StandingKey {
  readonly key: RingKey;
  /** `wrapped`: its private half is in the ring, and KMS unwraps it for roles of a deployment that is gone. */
  readonly standing: 'usable' | 'disabled' | 'leaving' | 'gone' | 'wrapped';
  /** When KMS deletes it (NumericDate). */
  readonly deletes_at?: number | undefined;
  /** The registry table of its tag; absent: it is not asked for. */
  readonly registry?: string | undefined;
}

/**
 * Looks at the keys of a ring that are published: each is the key whose public half the ring has, and carries a tag of
 * Countersign's. Whoever could write into a table could name any key of the account in it.
 * @throws CliError when a key is not the one that the ring takes it for
 */
export function standingsOf(kms: KMSClient, { keys }: KeyRing): Promise<readonly StandingKey[]> {
  const published = keys.filter(({ state }) => state !== 'removed');
  return Promise.all(published.map((key) => standingOf(kms, key)));
}

async function standingOf(kms: KMSClient, key: RingKey): Promise<StandingKey> {
  if (key.custody === 'kms-wrapped') return { key, standing: 'wrapped' };
  const metadata = await describe(kms, key.key_id);
  if (!metadata) return { key, standing: 'gone' };
  const registry = await tagOf(kms, key.key_id);
  if (registry === undefined) {
    throw strange(key, 'has no tag of Countersign');
  }
  if (metadata.KeyState === 'PendingDeletion') {
    const deletes_at = Math.floor(Number(metadata.DeletionDate) / 1000);
    return { key, standing: 'leaving', deletes_at, registry };
  }
  const standing = metadata.KeyState === 'Enabled' ? 'usable' : 'disabled';
  if (standing === 'usable') await checkPublicKey(kms, key);
  return { key, standing, registry };
}

async function describe(kms: KMSClient, KeyId: string): Promise<KeyMetadata | undefined> {
  try {
    return (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

async function tagOf(kms: KMSClient, KeyId: string): Promise<string | undefined> {
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
  return Tags.find(({ TagKey }) => TagKey === keyTags.registry)?.TagValue;
}

async function checkPublicKey(kms: KMSClient, key: RingKey): Promise<void> {
  const { PublicKey = new Uint8Array() } = await kms.send(
    new GetPublicKeyCommand({ KeyId: key.key_id }),
  );
  const { kid } = await publicJwk(PublicKey, key.alg).catch(() => ({ kid: undefined }));
  if (kid !== key.kid) throw strange(key, 'has another public key');
}

const strange = ({ kid, key_id }: RingKey, what: string) =>
  new CliError(
    `the table names the KMS key ${key_id} as the signing key ${kid}, and that key ${what}: somebody has changed the table`,
    1,
    { code: 'refused' },
  );

/** What is to be done with keys, for a deployment on the registry of this name. */
export interface KeyWishes {
  readonly kms: KMSClient;
  readonly registry: string;
  /** Whether to keep those that KMS is to delete. */
  readonly cancelDeletion: boolean;
}

/** The keys that the deployment will be able to sign with. */
export const usableKeys = (
  keys: readonly StandingKey[],
  { cancelDeletion }: Pick<KeyWishes, 'cancelDeletion'>,
): readonly StandingKey[] =>
  keys.filter(
    ({ standing }) => standing === 'usable' || (standing === 'leaving' && cancelDeletion),
  );

/** Keeps keys, and gives them the tag by which the deployment may use them. */
export function keySteps(keys: readonly StandingKey[], wishes: KeyWishes): readonly Step[] {
  return usableKeys(keys, wishes).flatMap((key) => [
    ...kept(key, wishes),
    ...retagged(key, wishes),
  ]);
}

function kept({ key, standing }: StandingKey, { kms }: KeyWishes): Step[] {
  if (standing !== 'leaving') return [];
  const { kid, key_id: KeyId } = key;
  const take = async () => {
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    // A key whose deletion was cancelled is disabled.
    await kms.send(new EnableKeyCommand({ KeyId }));
    // Until now KMS did not tell its public half.
    await checkPublicKey(kms, key);
  };
  return [{ what: `have KMS keep the key ${kid}, which it is to delete`, take }];
}

function retagged({ key, registry: tag }: StandingKey, { kms, registry }: KeyWishes): Step[] {
  if (tag === registry) return [];
  const Tags = [{ TagKey: keyTags.registry, TagValue: registry }];
  return [
    {
      what: `tag the key ${key.kid} as one of ${registry}, no longer of ${tag}`,
      take: () => kms.send(new TagResourceCommand({ KeyId: key.key_id, Tags })),
    },
  ];
}

/** What an operator has to know of keys. */
export const keyNotes = (
  keys: readonly StandingKey[],
  { cancelDeletion }: Pick<KeyWishes, 'cancelDeletion'>,
): readonly string[] =>
  keys.flatMap((key) => {
    if (key.standing === 'leaving' && cancelDeletion) return [];
    return notes[key.standing]?.(key) ?? [];
  });

const notes: Partial<Record<StandingKey['standing'], (key: StandingKey) => string>> = {
  gone: ({ key }) =>
    `KMS has no key for ${named(key)}: ${signsNot}. Tokens that it signed stay valid where its public half is published.`,
  leaving: ({ key, deletes_at = 0 }) =>
    `KMS deletes the key of ${named(key)} at ${date(deletes_at)}: ${signsNot}. --cancel-deletion keeps it.`,
  disabled: ({ key }) =>
    `The KMS key ${key.key_id} of ${named(key)} is disabled: ${signsNot}. Enable it to use it again.`,
  wrapped: ({ key }) =>
    `The private half of ${named(key)} is wrapped by ${key.key_id}, for roles of the deployment from before alone: it signs no more. Run \`countersign key rotate --now\` as soon as the deployment is there, which gets no tokens until then.`,
};

const named = ({ kid, state }: RingKey): string => `${kid} (${state})`;
const signsNot = 'a new one is made where none is left that can sign';
