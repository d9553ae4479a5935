import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GetPublicKeyCommand,
  type KeyMetadata,
  type KMSClient,
  KMSInvalidStateException,
  NotFoundException,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import type { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { publicJwk } from '../oauth/public-jwk.ts';
import { type KeyRoles, keyPolicy } from './key-policy.ts';
import { encryptionContext, keyTags } from './key-tags.ts';
import type { AskedKey, KeyPair, KeyStanding, KeysInKms } from './keys-in-kms.ts';
import { checkedOrNot } from './policy-lockout.ts';
import {
  type SigningAlgorithm,
  type SigningAlgorithmName,
  signingAlgorithm,
  signingAlgorithms,
} from './signing-algorithms.ts';
import { taggedKeys } from './tagged-keys.ts';

/** Days from the order to delete a key until KMS deletes it: the most that KMS allows. */
const deletionWindow = 30;

/** The services that the signing keys are kept with. */
export interface KmsServices {
  readonly kms: KMSClient;
  /**
   * The same, by a client that sends each request once. A request to make a key that is sent again, since
   * nobody answered, makes two with one id: none of them could be told from a copy.
   */
  readonly once: KMSClient;
  readonly tagging: ResourceGroupsTaggingAPIClient;
}

/** Whose signing keys they are: the name of the registry table, and who works with them. */
export interface KeyOwner {
  readonly registry: string;
  readonly roles: KeyRoles;
}

/** The signing keys of a deployment, in KMS. */
export function kmsKeys(
  { kms, once, tagging }: KmsServices,
  { registry, roles }: KeyOwner,
): KeysInKms {
  return {
    async create(alg, plan) {
      const { KeySpec } = signingAlgorithms[alg];
      const what = {
        KeySpec,
        KeyUsage: 'SIGN_VERIFY' as const,
        Description: `Signs access tokens with ${alg} (Countersign, ${registry})`,
        Tags: [
          { TagKey: keyTags.registry, TagValue: registry },
          { TagKey: keyTags.algorithm, TagValue: alg },
          { TagKey: keyTags.plan, TagValue: plan },
        ],
        Policy: keyPolicy(roles, signingAlgorithms[alg]),
      };
      const { KeyMetadata } = await checkedOrNot((check) =>
        once.send(new CreateKeyCommand({ ...what, ...check })),
      );
      return KeyMetadata?.KeyId ?? incomplete('key id');
    },
    async setPolicy(KeyId, alg) {
      const algorithm = signingAlgorithm(alg);
      if (!algorithm) throw new Error(`no token is signed with ${alg}`);
      const Policy = keyPolicy(roles, algorithm);
      await checkedOrNot((check) => kms.send(new PutKeyPolicyCommand({ KeyId, Policy, ...check })));
    },
    async publicJwk(KeyId, alg) {
      const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
      return publicJwk(PublicKey ?? incomplete('public key'), alg);
    },
    wrapKeyPair: (alg, wrappingKey) => wrapKeyPair(kms, { alg, registry, wrappingKey }),
    async standing(key) {
      const metadata = await describe(kms, key.key_id).catch(unlessDenied);
      if (metadata === 'denied') return { standing: 'untold', created_at: 0 };
      if (!metadata) return { standing: 'missing', created_at: 0 };
      return {
        standing: standingOf(metadata, key),
        created_at: seconds(metadata.CreationDate) ?? 0,
      };
    },
    tagged: () => taggedKeys(tagging, registry),
    async scheduleDeletion(KeyId) {
      const found = await describe(kms, KeyId);
      // Never delete a wrapping key: a release that knew none may have recorded one as a signing key.
      // The ring takes it for deleted.
      if (found && found.KeyUsage !== 'SIGN_VERIFY') return seconds(found.CreationDate);
      const command = new ScheduleKeyDeletionCommand({
        KeyId,
        PendingWindowInDays: deletionWindow,
      });
      const { DeletionDate } = await kms.send(command).catch(unlessDeleted);
      if (DeletionDate) return seconds(DeletionDate);
      const metadata = await describe(kms, KeyId);
      // KMS takes no second order to delete a key, and tells when it follows the first.
      return metadata && (seconds(metadata.DeletionDate) ?? incomplete('date of deletion'));
    },
  };
}

async function wrapKeyPair(
  kms: KMSClient,
  of: {
    readonly alg: SigningAlgorithmName;
    readonly registry: string;
    readonly wrappingKey: string;
  },
): Promise<KeyPair> {
  const { alg, registry, wrappingKey: KeyId } = of;
  const { wrapped }: SigningAlgorithm = signingAlgorithms[alg];
  if (!wrapped) throw new Error(`KMS makes no key pairs for ${alg}`);
  const { KeyPairSpec } = wrapped;
  const EncryptionContext = encryptionContext(registry, alg);
  const made = await kms.send(
    new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec, EncryptionContext }),
  );
  const ciphertext = made.PrivateKeyCiphertextBlob ?? incomplete('private key');
  return {
    key_id: KeyId,
    custody: 'kms-wrapped',
    wrapped_private_key: Buffer.from(ciphertext).toString('base64'),
    jwk: await publicJwk(made.PublicKey ?? incomplete('public key'), alg),
  };
}

function standingOf(metadata: KeyMetadata, key: AskedKey): KeyStanding['standing'] {
  if (metadata.KeyState === 'PendingDeletion') return 'leaving';
  return canSign(metadata, key) ? 'usable' : 'unusable';
}

/**
 * Whether a key is enabled, of the right kind, and one whose private half was never anywhere else,
 * another Region included; of a wrapped key the same is asked of the key that wraps it.
 */
function canSign(
  { KeyState, KeySpec, KeyUsage, Origin, MultiRegion }: KeyMetadata,
  { alg, custody }: AskedKey,
): boolean {
  const [usage, spec] =
    custody === 'kms-wrapped'
      ? ['ENCRYPT_DECRYPT', 'SYMMETRIC_DEFAULT']
      : ['SIGN_VERIFY', signingAlgorithm(alg)?.KeySpec];
  const isOurs = KeyUsage === usage && Origin === 'AWS_KMS' && MultiRegion !== true;
  return isOurs && KeyState === 'Enabled' && KeySpec === spec;
}

async function describe(kms: KMSClient, KeyId: string): Promise<KeyMetadata | undefined> {
  try {
    return (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

// The SDK has no class for this error.
function unlessDenied(error: unknown): 'denied' {
  if (error instanceof Error && error.name === 'AccessDeniedException') return 'denied';
  throw error;
}

function unlessDeleted(error: unknown): { DeletionDate?: Date } {
  if (error instanceof KMSInvalidStateException || error instanceof NotFoundException) return {};
  throw error;
}

function seconds(date: Date | undefined): number | undefined {
  return date && Math.floor(date.getTime() / 1000);
}

function incomplete(what: string): never {
  throw new Error(`KMS answered without a ${what}`);
}
