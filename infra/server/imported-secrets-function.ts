import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { registryKey } from '../../functions/aws/registry-items.ts';
import type { ImportedSecretsEnvironment } from '../../functions/imported-secrets/environment.ts';
import { NodeFunction } from '../node-function.ts';

/** What the function works with that verifies imported secrets. */
export interface ImportedSecretsProps {
  readonly registry: ITable;
}

/**
 * The function that verifies secrets by hashes of other systems, and replaces these. It may read clients and write them,
 * and nothing else; the functions that ask it may not write the registry at all.
 */
export class ImportedSecretsFunction extends NodeFunction {
  constructor(scope: Construct, id: string, { registry }: ImportedSecretsProps) {
    super(scope, id, {
      description: 'Countersign: secrets that other systems have hashed',
      entry: 'imported-secrets/index',
      // A whole processor: the slowest hash that is let in takes two seconds of one.
      memorySize: 1769,
      environment: {
        REGISTRY_TABLE: registry.tableName,
      } satisfies ImportedSecretsEnvironment,
    });
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [registry.tableArn],
        conditions: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [registryKey.client('*').pk] },
        },
      }),
    );
  }

  /** Lets an endpoint ask it; no version of it, and no alias. */
  grantAsk(to: LambdaFunction): void {
    to.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.functionArn],
      }),
    );
  }
}
