import { randomBytes } from 'node:crypto';
import type { SecretValue } from './secret-request.ts';
import { SecretsManagerError } from './secrets-manager-error.ts';

/** A version of a secret. */
export interface SecretVersion {
  /** Undefined: a rotation has made it, and nobody has put its value yet. */
  value: SecretValue | undefined;
  /** Staging labels; a version with none is deprecated. */
  readonly stages: Set<string>;
  readonly createdDate: number;
}

/** A secret with its versions. */
export interface Secret {
  readonly arn: string;
  readonly name: string;
  description: string | undefined;
  readonly createdDate: number;
  changedDate: number;
  deletedDate: number | undefined;
  rotatedDate: number | undefined;
  rotation: { readonly lambdaArn: string; readonly rules: unknown } | undefined;
  rotationEnabled: boolean;
  resourcePolicy: string | undefined;
  tags: readonly unknown[];
  /** By version id, the oldest first. */
  readonly versions: Map<string, SecretVersion>;
}

/** Where the double keeps its secrets. */
export interface SecretStore {
  /** By name. */
  readonly secrets: Map<string, Secret>;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/**
 * Finds a secret by its name, its ARN, or its ARN without the six random characters.
 * @throws SecretsManagerError when there is none
 */
export function find({ secrets }: SecretStore, id: string): Secret {
  for (const secret of secrets.values()) {
    if ([secret.name, secret.arn, secret.arn.slice(0, -7)].includes(id)) return secret;
  }
  throw new SecretsManagerError(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
  );
}

/**
 * Finds a secret that is not about to be deleted.
 * @throws SecretsManagerError when there is none, or it is
 */
export function findLiving(store: SecretStore, id: string): Secret {
  const secret = find(store, id);
  if (secret.deletedDate === undefined) return secret;
  throw new SecretsManagerError(
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

/**
 * Makes a secret without a version.
 * @throws SecretsManagerError when its name is taken
 */
export function make({ secrets, now }: SecretStore, name: string): Secret {
  const taken = secrets.get(name);
  if (taken) {
    if (taken.deletedDate === undefined) {
      const message = `The operation failed because the secret ${name} already exists.`;
      throw new SecretsManagerError('ResourceExistsException', message);
    }
    throw new SecretsManagerError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const suffix = randomBytes(6).toString('base64url').replace(/[-_]/g, 'x').slice(0, 6);
  const secret: Secret = {
    arn: `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${suffix}`,
    name,
    description: undefined,
    createdDate: now(),
    changedDate: now(),
    deletedDate: undefined,
    rotatedDate: undefined,
    rotation: undefined,
    rotationEnabled: false,
    resourcePolicy: undefined,
    tags: [],
    versions: new Map(),
  };
  secrets.set(name, secret);
  return secret;
}

/** The version that a stage is attached to, with its id. */
export const versionAt = ({ versions }: Secret, stage: string) =>
  versions.entries().find(([, { stages }]) => stages.has(stage));

/**
 * Attaches a stage to a version, and takes it from the one that had it. That one becomes AWSPREVIOUS where
 * the stage is AWSCURRENT.
 */
export function attach(secret: Secret, stage: string, versionId: string): void {
  const [heldBy, held] = versionAt(secret, stage) ?? [];
  if (heldBy === versionId) return;
  held?.stages.delete(stage);
  secret.versions.get(versionId)?.stages.add(stage);
  if (stage === 'AWSCURRENT' && heldBy !== undefined) {
    secret.versions.get(versionId)?.stages.delete('AWSPREVIOUS');
    attach(secret, 'AWSPREVIOUS', heldBy);
  }
}
