import { Aws, Validations } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { keyRingKey } from '../../functions/aws/key-ring-item.ts';
import { keyTags } from '../../functions/aws/key-tags.ts';

/** Lets a function at the one item of the registry that is the key ring. */
export function allowOnKeyRing(to: LambdaFunction, registry: ITable, ...actions: string[]): void {
  to.addToRolePolicy(
    new PolicyStatement({
      actions,
      resources: [registry.tableArn],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [keyRingKey.pk] } },
    }),
  );
}

/**
 * Lets a function at KMS keys of this account and Region. Which keys there will be is not known
 * when it is deployed, so that the conditions have to say which are meant.
 */
export function allowOnKeys(
  to: LambdaFunction,
  permission: Pick<PolicyStatementProps, 'actions' | 'conditions'>,
): void {
  to.addToRolePolicy(new PolicyStatement({ ...permission, resources: [anyKey] }));
  if (to.role) Validations.of(to.role).acknowledge(keysToCome);
}

// By pseudo parameters even where the stack knows their values: see the acknowledgement.
const anyKey = `arn:${Aws.PARTITION}:kms:${Aws.REGION}:${Aws.ACCOUNT_ID}:key/*`;

const keysToCome = {
  id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*]',
  reason:
    'The signing keys are made after the deployment. All but the reading of public data is limited by their tag.',
};

/** The condition that a key is one of the deployment with this registry. */
export const keyOf = (registry: ITable): Readonly<Record<string, string>> => ({
  [`aws:ResourceTag/${keyTags.registry}`]: registry.tableName,
});
