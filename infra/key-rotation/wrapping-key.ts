import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { keyTags } from '../../functions/aws/key-tags.ts';
import type { SigningAlgorithm } from '../../functions/aws/signing-algorithms.ts';
import { allowOnKeys, keyOf } from './key-access.ts';

/**
 * Makes the key in KMS that wraps the private keys of a deployment. It outlives the stack, and the setting:
 * without it none of them could be read again.
 */
export function wrappingKey(scope: Construct, id: string, registry: ITable): IKey {
  const key = new Key(scope, id, {
    description: 'Countersign: wraps the private keys that sign access tokens',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // By it the token function finds leave to unwrap when the setting is taken back.
  Tags.of(key).add(keyTags.registry, registry.tableName);
  return key;
}

/** Lets a function have key pairs made and wrapped, for this deployment. */
export function allowWrapping(
  to: LambdaFunction,
  registry: ITable,
  { key, algorithm }: { readonly key: IKey; readonly algorithm: SigningAlgorithm },
): void {
  const spec = { 'kms:DataKeyPairSpec': algorithm.wrapped?.KeyPairSpec };
  to.addToRolePolicy(
    new PolicyStatement({
      actions: ['kms:GenerateDataKeyPairWithoutPlaintext'],
      resources: [key.keyArn],
      conditions: { StringEquals: { ...contextOf(registry), ...spec } },
    }),
  );
}

/**
 * Lets a function have the private keys of this deployment unwrapped, by whatever key has its tag: after
 * the setting was taken back, or taken back and set again, a key that was wrapped by the one before signs
 * on until its successor is known to all. By the present one in so many words too: a tag may take
 * minutes to count.
 */
export function allowUnwrapping(to: LambdaFunction, registry: ITable, key: IKey | undefined): void {
  const actions = ['kms:Decrypt'];
  const context = contextOf(registry);
  allowOnKeys(to, { actions, conditions: { StringEquals: { ...keyOf(registry), ...context } } });
  if (key === undefined) return;
  const conditions = { StringEquals: context };
  to.addToRolePolicy(new PolicyStatement({ actions, resources: [key.keyArn], conditions }));
}

/** The condition that what is wrapped is of the deployment with this registry (encryptionContext). */
const contextOf = ({ tableName }: ITable): Readonly<Record<string, string>> => ({
  [`kms:EncryptionContext:${keyTags.registry}`]: tableName,
});
