import { randomUUID } from 'node:crypto';
import { optionalText, requestToken, type SecretRequest, text } from './secret-request.ts';
import { attach, findLiving, type Secret, type SecretStore, versionAt } from './secret-store.ts';
import { SecretsManagerError } from './secrets-manager-error.ts';

/** The four steps of a rotation, in their order. */
const rotationSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** What Secrets Manager sends to the function of a rotation. */
interface RotationEvent {
  readonly Step: (typeof rotationSteps)[number];
  readonly SecretId: string;
  readonly ClientRequestToken: string;
  readonly RotationToken: string;
}

/**
 * RotateSecret: remembers the function and the rules, and begins a rotation with a version without a value. The
 * double calls no function: `rotationEvents` are what the service would send.
 */
export function rotateSecret(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  const lambdaArn = optionalText(request, 'RotationLambdaARN') ?? secret.rotation?.lambdaArn;
  if (lambdaArn === undefined) {
    const message = 'No Lambda rotation function ARN is associated with this secret.';
    throw new SecretsManagerError('InvalidRequestException', message);
  }
  secret.rotation = { lambdaArn, rules: request.RotationRules ?? secret.rotation?.rules };
  secret.rotationEnabled = true;
  if (request.RotateImmediately === false) return { ARN: secret.arn, Name: secret.name };
  const versionId = requestToken(request);
  begin(store, secret, versionId);
  return { ARN: secret.arn, Name: secret.name, VersionId: versionId };
}

/** A rotation that is not over stands in the way of another one; the same once more goes on. */
function begin({ now }: SecretStore, secret: Secret, versionId: string): void {
  const [pendingId, pending] = versionAt(secret, 'AWSPENDING') ?? [];
  if (pending && pendingId !== versionId && !pending.stages.has('AWSCURRENT')) {
    throw new SecretsManagerError(
      'InvalidRequestException',
      `A previous rotation isn't complete. That rotation will be reattempted.`,
    );
  }
  if (!secret.versions.has(versionId)) {
    secret.versions.set(versionId, { value: undefined, stages: new Set(), createdDate: now() });
  }
  attach(secret, 'AWSPENDING', versionId);
}

/** CancelRotateSecret: ends the schedule, and leaves the versions as they are. */
export function cancelRotateSecret(store: SecretStore, request: SecretRequest): object {
  const secret = findLiving(store, text(request, 'SecretId'));
  secret.rotationEnabled = false;
  return { ARN: secret.arn, Name: secret.name };
}

/** What Secrets Manager sends to the function, one after the other, for the rotation that has begun. */
export function rotationEvents(SecretId: string, ClientRequestToken: string): RotationEvent[] {
  const RotationToken = randomUUID();
  return rotationSteps.map((Step) => ({ Step, SecretId, ClientRequestToken, RotationToken }));
}
