import {
  optionalText,
  optionalTexts,
  requestToken,
  type SecretRequest,
  type SecretValue,
  secretValue,
  text,
} from './secret-request.ts';
import {
  attach,
  findLiving,
  type Secret,
  type SecretStore,
  type SecretVersion,
  versionAt,
} from './secret-store.ts';
import { SecretsManagerError } from './secrets-manager-error.ts';

/** A version as it is to be. */
interface NewVersion {
  readonly versionId: string;
  readonly value: SecretValue | undefined;
  readonly stages: readonly string[];
}

/**
 * Puts a version. The same value under the same id again changes nothing, and another value is refused. The
 * first version of a secret is the current one, whatever it is put for.
 */
export function put(store: SecretStore, secret: Secret, version: NewVersion): void {
  const { versionId, value, stages } = version;
  const before = secret.versions.get(versionId);
  if (before?.value !== undefined) {
    if (JSON.stringify(before.value) === JSON.stringify(value)) return;
    const message = `A resource with the ID you requested already exists: ${versionId}`;
    throw new SecretsManagerError('ResourceExistsException', message);
  }
  const isFirst = secret.versions.values().every((other) => other.value === undefined);
  const createdDate = store.now();
  if (before) before.value = value;
  else secret.versions.set(versionId, { value, stages: new Set(), createdDate });
  secret.changedDate = createdDate;
  for (const stage of isFirst ? ['AWSCURRENT', ...stages] : stages)
    attach(secret, stage, versionId);
}

/** PutSecretValue. */
export function putSecretValue(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  const versionId = requestToken(request);
  const value = secretValue(request);
  if (!value) {
    const message = 'You must provide either SecretString or SecretBinary.';
    throw new SecretsManagerError('InvalidParameterException', message);
  }
  const stages = optionalTexts(request, 'VersionStages') ?? ['AWSCURRENT'];
  put(store, secret, { versionId, value, stages });
  return { ...told(secret, versionId), VersionStages: stagesOf(secret.versions.get(versionId)) };
}

/** GetSecretValue, by a stage or a version or both; by the current one without either. */
export function getSecretValue(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  const wantedId = optionalText(request, 'VersionId');
  const stage =
    optionalText(request, 'VersionStage') ?? (wantedId === undefined ? 'AWSCURRENT' : undefined);
  const versionId = wantedId ?? versionAt(secret, String(stage))?.[0];
  const version = versionId === undefined ? undefined : secret.versions.get(versionId);
  const isStaged = stage === undefined || version?.stages.has(stage);
  if (!version?.value || !isStaged) {
    const by = wantedId === undefined ? `staging label: ${stage}` : `VersionId: ${wantedId}`;
    const message = `Secrets Manager can't find the specified secret value for ${by}`;
    throw new SecretsManagerError('ResourceNotFoundException', message);
  }
  return {
    ...told(secret, String(versionId)),
    ...version.value,
    VersionStages: stagesOf(version),
    CreatedDate: version.createdDate,
  };
}

/** ListSecretVersionIds. */
export function listSecretVersionIds(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  const isListed = ({ stages }: SecretVersion) =>
    stages.size > 0 || request.IncludeDeprecated === true;
  const listed = [...secret.versions].filter(([, version]) => isListed(version));
  return {
    ARN: secret.arn,
    Name: secret.name,
    Versions: listed.map(([VersionId, version]) => ({
      VersionId,
      VersionStages: stagesOf(version),
      CreatedDate: version.createdDate,
    })),
  };
}

/** UpdateSecretVersionStage: moves a stage, attaches one that no version has, or takes one away. */
export function updateSecretVersionStage(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  const stage = text(request, 'VersionStage');
  const from = optionalText(request, 'RemoveFromVersionId');
  const to = optionalText(request, 'MoveToVersionId');
  checkHolder(secret, { stage, from, to });
  if (to !== undefined) attach(secret, stage, to);
  else if (from !== undefined) detach(secret, stage, from);
  secret.changedDate = store.now();
  return { ARN: secret.arn, Name: secret.name };
}

interface Move {
  readonly stage: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function checkHolder(secret: Secret, { stage, from, to }: Move): void {
  if (to !== undefined && !secret.versions.has(to)) {
    const message = `Secrets Manager can't find the specified secret value for VersionId: ${to}`;
    throw new SecretsManagerError('ResourceNotFoundException', message);
  }
  const [heldBy] = versionAt(secret, stage) ?? [];
  if (from === heldBy || (from === undefined && heldBy === to)) return;
  const held = heldBy === undefined ? 'no version' : `version ${heldBy}`;
  throw new SecretsManagerError(
    'InvalidParameterException',
    `The staging label ${stage} is currently attached to ${held}. You must specify it in RemoveFromVersionId to move or remove the label.`,
  );
}

function detach(secret: Secret, stage: string, versionId: string): void {
  if (stage === 'AWSCURRENT') {
    const message = `You can't remove the staging label ${stage}: you can only move it.`;
    throw new SecretsManagerError('InvalidParameterException', message);
  }
  secret.versions.get(versionId)?.stages.delete(stage);
}

const stagesOf = (version: SecretVersion | undefined): readonly string[] => [
  ...(version?.stages ?? []),
];

const told = ({ arn, name }: Secret, VersionId: string) => ({ ARN: arn, Name: name, VersionId });
