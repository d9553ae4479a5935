import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Command } from '../../functions/key-rotation/commands.ts';
import { InvokingSchedule } from '../invoking-schedule.ts';

/**
 * Runs the key rotation every five minutes, which most of the time finds nothing to do. Lambda's own
 * two retries are left as they are: a run may be repeated, and CloudFormation's request, which waits
 * in the same queue, needs them.
 */
export class KeyRotationSchedule extends InvokingSchedule {
  constructor(scope: Construct, id: string, rotation: LambdaFunction) {
    super(scope, id, {
      description: 'Countersign: does with the signing keys what is due',
      function: rotation,
      interval: Duration.minutes(5),
      event: { command: 'tend' } satisfies Command,
    });
  }
}
