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
 * Runs the key rotation every five minutes, which most of the time finds nothing to do. Lambda's
 * own two retries are left as they are: a run may be repeated, and CloudFormation's request, which
 * waits in the same queue, is worth them.
 */
export function keyRotationSchedule(
  scope: Construct,
  id: string,
  rotation: LambdaFunction,
): Schedule {
  const every = Duration.minutes(5);
  const role = invokingRole(scope, `${id}Role`, rotation);
  const schedule = new Schedule(scope, id, {
    description: 'Countersign: does with the signing keys what is due',
    schedule: ScheduleExpression.rate(every),
    timeWindow: TimeWindow.off(),
    target: new LambdaInvoke(rotation, {
      role: role.withoutPolicyUpdates(),
      input: ScheduleTargetInput.fromObject({ command: 'tend' } satisfies Command),
      // A run that Lambda does not take is not for later: the next one comes.
      maxEventAge: every,
      retryAttempts: 1,
    }),
  });
  schedule.node.addDependency(role);
  return schedule;
}

/** May invoke the function. The role that the CDK would make may also invoke its versions. */
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
