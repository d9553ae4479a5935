import { Duration, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { keyTags } from '../../functions/aws/key-tags.ts';
import {
  type SigningAlgorithm,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import type { KeyRotationEnvironment } from '../../functions/key-rotation/environment.ts';
import { nodeFunction } from '../bundling/node-function.ts';
import type { SigningSettings } from '../settings/signing-settings.ts';
import { allowOnKeyRing, allowOnKeys, keyOf } from './key-access.ts';
import { allowWrapping } from './wrapping-key.ts';

/** Whose signing keys the function keeps, and how. */
export interface KeyRotationFunctionProps {
  readonly registry: ITable;
  readonly signing: SigningSettings;
  /** What new keys are wrapped with; absent: they are made within KMS. */
  readonly wrappingKey: IKey | undefined;
  /** What its metrics are told apart by. */
  readonly deployment: string;
}

/** Makes the function that alone makes, publishes, activates, retires and removes signing keys. */
export function keyRotationFunction(
  scope: Construct,
  id: string,
  { registry, signing, wrappingKey, deployment }: KeyRotationFunctionProps,
): LambdaFunction {
  const rotation = nodeFunction(scope, id, {
    description: 'Countersign: the life cycle of the signing keys',
    entry: 'key-rotation/index',
    // KMS may be slow with many keys at once, and nobody waits.
    timeout: Duration.seconds(60),
    environment: {
      REGISTRY_TABLE: registry.tableName,
      WRAPPING_KEY: wrappingKey?.keyArn ?? 'none',
      SIGNING_ALGORITHM: signing.algorithm,
      KEY_ROTATION_INTERVAL: String(signing.keyRotationInterval.toSeconds()),
      KEY_FAMILIES: signing.keyFamilies,
      DEPLOYMENT: deployment,
    } satisfies KeyRotationEnvironment,
  });
  allowOnKeyRing(rotation, registry, 'dynamodb:GetItem', 'dynamodb:PutItem');
  const algorithm: SigningAlgorithm = signingAlgorithms[signing.algorithm];
  if (wrappingKey === undefined) allowMaking(rotation, registry, algorithm);
  else allowWrapping(rotation, registry, { key: wrappingKey, algorithm });
  // What they tell is public. Not by tag: KMS may take five minutes until a new key's tag counts.
  allowOnKeys(rotation, { actions: ['kms:DescribeKey', 'kms:GetPublicKey'] });
  allowOnKeys(rotation, {
    actions: ['kms:ScheduleKeyDeletion'],
    conditions: { StringEquals: { ...keyOf(registry), ...onlySigns } },
  });
  allowFinding(rotation);
  return rotation;
}

// Whatever tag it may have: a key that encrypts is never deleted.
const onlySigns = { 'kms:KeyUsage': 'SIGN_VERIFY' };

/** Keys that are tagged as this deployment's own, and for the algorithm that is wanted. */
function allowMaking(to: LambdaFunction, registry: ITable, { KeySpec }: SigningAlgorithm): void {
  const tag = { [`aws:RequestTag/${keyTags.registry}`]: registry.tableName };
  const noOtherTag = { 'ForAllValues:StringEquals': { 'aws:TagKeys': Object.values(keyTags) } };
  const spec = { 'kms:KeySpec': KeySpec };
  to.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:CreateKey'],
      resources: ['*'],
      conditions: { StringEquals: { ...tag, ...spec, ...onlySigns }, ...noOtherTag },
    }),
  );
  // KMS asks for it where a key is made with tags, and knows no condition that tells a key in the
  // making from one that exists. Whether it then says which tags is not documented: if it does not,
  // the condition above still holds; and no other tag can be set than these two.
  allowOnKeys(to, {
    actions: ['kms:TagResource'],
    conditions: { StringEqualsIfExists: tag, ...noOtherTag },
  });
}

/** By their tags, which the service for it offers for all resources of an account or none. */
function allowFinding(to: LambdaFunction): void {
  to.addToRolePolicy(new PolicyStatement({ actions: ['tag:GetResources'], resources: ['*'] }));
  if (to.role) Validations.of(to.role).acknowledge(noResource);
}

const noResource = {
  id: 'AwsSolutions-IAM5[Resource::*]',
  reason:
    'kms:CreateKey and tag:GetResources take no resource. Conditions limit the first to keys with our tag; the second reads tags.',
};
