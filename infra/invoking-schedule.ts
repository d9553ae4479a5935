import { Aws, type Duration } from 'aws-cdk-lib';
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

/** What is to be invoked, and how often. */
export interface InvokingScheduleProps {
  readonly description: string;
  readonly function: LambdaFunction;
  readonly interval: Duration;
  readonly event: object;
}

/** Invokes a function at a fixed rate, for as long as Lambda takes no invocation until the next one is due. */
export class InvokingSchedule extends Schedule {
  constructor(scope: Construct, id: string, props: InvokingScheduleProps) {
    const { description, function: invoked, interval, event } = props;
    const role = invokingRole(scope, `${id}Role`, invoked);
    super(scope, id, {
      description,
      schedule: ScheduleExpression.rate(interval),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(invoked, {
        role: role.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject(event),
        // Where Lambda takes no run until the next one is due, that one does the work.
        maxEventAge: interval,
        retryAttempts: 1,
      }),
    });
    this.node.addDependency(role);
  }
}

/** A role that may invoke the function. The CDK's own could invoke its versions, too. */
function invokingRole(scope: Construct, id: string, invoked: LambdaFunction): Role {
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
      resources: [invoked.functionArn],
    }),
  );
  return role;
}
