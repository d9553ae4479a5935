import {
  optionalText,
  requestToken,
  type SecretRequest,
  secretValue,
  text,
} from './secret-request.ts';
import { find, findLiving, make, type Secret, type SecretStore } from './secret-store.ts';
import { SecretsManagerError } from './secrets-manager-error.ts';
import { put } from './version-operations.ts';

/** CreateSecret; without a value it makes no version. */
export function createSecret(store: SecretStore, request: SecretRequest): object {
  const name = text(request, 'Name');
  if (!/^[\w/+=.@-]{1,512}$/.test(name)) {
    throw new SecretsManagerError('ValidationException', 'Invalid name. Must be a valid name.');
  }
  const value = secretValue(request);
  const versionId = value && requestToken(request);
  const again = value && versionId && store.secrets.get(name)?.versions.get(versionId)?.value;
  const isSame = again !== undefined && JSON.stringify(again) === JSON.stringify(value);
  const secret = isSame ? find(store, name) : make(store, name);
  secret.description = optionalText(request, 'Description');
  secret.tags = Array.isArray(request.Tags) ? request.Tags : [];
  if (versionId) put(store, secret, { versionId, value, stages: ['AWSCURRENT'] });
  return { ...named(secret), VersionId: versionId };
}

/** UpdateSecret: a new value becomes a version of its own, and the current one. */
export function updateSecret(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  const value = secretValue(request);
  const versionId = value && requestToken(request);
  secret.description = optionalText(request, 'Description') ?? secret.description;
  if (versionId) put(store, secret, { versionId, value, stages: ['AWSCURRENT'] });
  return { ...named(secret), VersionId: versionId };
}

/** DescribeSecret; it tells of one that is about to be deleted, too. */
export function describeSecret(store: SecretStore, request: SecretRequest): object {
  const secret = find(store, text(request, 'SecretId'));
  const versions = [...secret.versions].filter(([, { stages }]) => stages.size > 0);
  const stages = versions.map(([id, version]) => [id, [...version.stages]] as const);
  return {
    ...named(secret),
    Description: secret.description,
    CreatedDate: secret.createdDate,
    LastChangedDate: secret.changedDate,
    DeletedDate: secret.deletedDate,
    LastRotatedDate: secret.rotatedDate,
    RotationEnabled: secret.rotation === undefined ? undefined : secret.rotationEnabled,
    RotationLambdaARN: secret.rotation?.lambdaArn,
    RotationRules: secret.rotation?.rules,
    Tags: secret.tags,
    VersionIdsToStages: stages.length === 0 ? undefined : Object.fromEntries(stages),
  };
}

/** DeleteSecret: after a time in which it can be restored, or at once. */
export function deleteSecret(store: SecretStore, request: SecretRequest): object {
  const days = request.RecoveryWindowInDays ?? undefined;
  const isForced = request.ForceDeleteWithoutRecovery === true;
  if (isForced && days !== undefined) {
    const message =
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.";
    throw new SecretsManagerError('InvalidParameterException', message);
  }
  if (days !== undefined && (Number(days) < 7 || Number(days) > 30)) {
    const message = 'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).';
    throw new SecretsManagerError('InvalidParameterException', message);
  }
  const secret = find(store, text(request, 'SecretId'));
  if (isForced) store.secrets.delete(secret.name);
  else findLiving(store, secret.name).deletedDate = store.now() + Number(days ?? 30) * 86_400;
  return { ...named(secret), DeletionDate: secret.deletedDate ?? store.now() };
}

/** RestoreSecret. */
export function restoreSecret(store: SecretStore, request: SecretRequest): object {
  const secret = find(store, text(request, 'SecretId'));
  secret.deletedDate = undefined;
  return named(secret);
}

/** PutResourcePolicy. The double keeps it, and lets everybody do everything. */
export function putResourcePolicy(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  secret.resourcePolicy = text(request, 'ResourcePolicy');
  return named(secret);
}

/** GetResourcePolicy. */
export function getResourcePolicy(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  return { ...named(secret), ResourcePolicy: secret.resourcePolicy };
}

/** DeleteResourcePolicy. */
export function deleteResourcePolicy(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  secret.resourcePolicy = undefined;
  return named(secret);
}

const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });
