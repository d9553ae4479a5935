import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { Command } from '../../functions/key-rotation/commands.ts';

/**
 * Runs the key rotation every five minutes, which most of the time finds nothing to do. Lambda's own
 * two retries are left as they are: a run may be repeated, and CloudFormation's request, which waits
 * in the same queue, needs them.
 */
export class KeyRotationSchedule extends Schedule {
  constructor(scope: Construct, id: string, rotation: LambdaFunction) {
    const role = invokingRole(scope, `${id}Role`, rotation);
    super(scope, id, {
      description: 'Countersign: does with the signing keys what is due',
      schedule: ScheduleExpression.rate(interval),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(rotation, {
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({ command: 'tend' } satisfies Command),
        // Where Lambda takes no run until the next one is due, that one does the work.
        maxEventAge: interval,
        retryAttempts: 1,
      }),
    });
    this.node.addDependency(role);
  }
}

const interval = Duration.minutes(5);

/** A role that may invoke the function. The CDK's own could invoke its versions, too. */
function invokingRole(scope: Construct, id: string, rotation: LambdaFunction): Role {
  const group = `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule-group/default`;
  const source = { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': group };
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: source },
    }),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [rotation.functionArn],
    }),
  );
  return role;
}
