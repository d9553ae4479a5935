import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** What a server is made of, as far as permissions are granted on it. */
interface MadeParts extends Construct {
  readonly registry: ITable;
  readonly revocations: ITable;
  readonly ephemera: ITable;
  readonly keyRotationFunction: LambdaFunction;
  readonly historyFunction: LambdaFunction;
  readonly administrationFunction: LambdaFunction;
}

/** The ARNs of what a server is made of, and where that is. */
export function resourcesOf(made: MadeParts) {
  const stack = Stack.of(made);
  const resourceName = `${stack.stackName}/*`;
  return {
    registryArn: made.registry.tableArn,
    revocationsArn: made.revocations.tableArn,
    ephemeraArn: made.ephemera.tableArn,
    keyRotationArn: made.keyRotationFunction.functionArn,
    historyArn: made.historyFunction.logGroup.logGroupArn,
    administrationArn: made.administrationFunction.functionArn,
    administrationRoleArn: made.administrationFunction.role?.roleArn,
    region: stack.region,
    stackArn: stack.formatArn({ service: 'cloudformation', resource: 'stack', resourceName }),
  };
}
