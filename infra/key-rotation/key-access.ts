import { Aws } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { keyRingKey } from '../../functions/aws/key-ring-item.ts';
import { keyTags } from '../../functions/aws/key-tags.ts';
import {
  type SigningAlgorithm,
  type SigningAlgorithmName,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import { acknowledge } from '../settings/acknowledgement.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';

/** Grants access to the key-ring item of the registry only. */
export const grantOnKeyRing = (to: LambdaFunction, registry: ITable, ...actions: string[]): void =>
  grantOnPartition(to, registry, keyRingKey.pk, ...actions);

/** Grants access to one partition of a table only. */
export function grantOnPartition(
  to: LambdaFunction,
  { tableArn }: ITable,
  pk: string,
  ...actions: string[]
): void {
  to.addToRolePolicy(
    new PolicyStatement({
      actions,
      resources: [tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [pk] } },
    }),
  );
}

/**
 * Grants actions on all KMS keys of this account and Region that meet the conditions. The signing keys
 * do not exist yet at the deployment, so no statement can name them.
 */
export function grantOnKeys(
  to: LambdaFunction,
  permission: Pick<PolicyStatementProps, 'actions' | 'conditions'>,
): void {
  to.addToRolePolicy(new PolicyStatement({ ...permission, resources: [anyKey] }));
  if (to.role) acknowledge(to.role, keysToCome);
}

/** The ARN of a KMS key of this account and Region. */
export function keyArn(id: string): string {
  return `arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/${id}`;
}

// By pseudo parameters even where the stack knows their values: the acknowledgement has this text.
const anyKey = keyArn('*');

const keysToCome = {
  id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*]',
  reason:
    'The signing keys are made after the deployment. All but the reading of public data is limited by their tag.',
};

/** The condition that a key is one of the deployment with this registry. */
export const keyOf = (registry: ITable): Readonly<Record<string, string>> => ({
  [`aws:ResourceTag/${keyTags.registry}`]: registry.tableName,
});

/** The condition that what is wrapped is of the deployment with this registry (encryptionContext). */
export const contextOf = ({ tableName }: ITable): Readonly<Record<string, string>> => ({
  [`kms:EncryptionContext:${keyTags.registry}`]: tableName,
});

/** The conditions that kms:Sign is asked for one of these algorithms. */
export function signingBy(
  names: readonly SigningAlgorithmName[],
): Readonly<Record<string, readonly string[]>> {
  const algorithms: readonly SigningAlgorithm[] = names.map((name) => signingAlgorithms[name]);
  return {
    'kms:SigningAlgorithm': distinct(algorithms.map(({ SigningAlgorithm: name }) => name)),
    'kms:MessageType': distinct(algorithms.map(({ MessageType }) => MessageType)),
  };
}

/** The ARN of the role that a function runs as, which policies of keys name. */
export function roleOf({ node, role }: LambdaFunction): string {
  if (role) return role.roleArn;
  throw new ConfigurationError(`"${node.path}" has no role that a key's policy could name.`);
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];
