import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { nonceKey } from '../../functions/aws/dynamodb-nonce-keys.ts';

/** Lets a function read the keys of nonces in an ephemera table, and nothing else that is there. */
export function allowNonceKeys(to: LambdaFunction, ephemera: ITable): void {
  to.addToRolePolicy(
    new PolicyStatement({
      actions: ['dynamodb:GetItem'],
      resources: [ephemera.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [nonceKey('*')] } },
    }),
  );
}
