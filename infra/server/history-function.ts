import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { NodeFunction } from '../node-function.ts';

/** Whose changes are recorded. */
export interface HistoryFunctionProps {
  /** Its stream has the images of before and after. */
  readonly registry: ITable;
  /** @default nowhere: the alarm can be seen in CloudWatch alone */
  readonly alarmTopic?: ITopic | undefined;
}

/**
 * The function that writes each change of the registry into its log, which it alone may write to, and which outlives
 * the stack as the registry does.
 */
export class HistoryFunction extends NodeFunction {
  /** Goes off when changes cannot be recorded. */
  readonly failedAlarm: Alarm;

  constructor(scope: Construct, id: string, { registry, alarmTopic }: HistoryFunctionProps) {
    super(scope, id, {
      description: 'Countersign: the history of the registry',
      entry: 'history/index',
      environment: {},
      // Nobody waits.
      timeout: Duration.seconds(60),
      logs: { retention: RetentionDays.TEN_YEARS, removalPolicy: RemovalPolicy.RETAIN },
    });
    const streamArn = registry.tableStreamArn ?? '';
    this.addToRolePolicy(new PolicyStatement({ actions: reading, resources: [streamArn] }));
    new EventSourceMapping(this, 'Stream', {
      target: this,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // It is tried again as long as the stream has it, and what can be read of a bad batch is.
      bisectBatchOnError: true,
      maxRecordAge: Duration.hours(24),
    });
    this.failedAlarm = failedAlarm(this, alarmTopic);
  }
}

/** What Lambda needs to read a stream. */
const reading = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

/** A failure after which a retry succeeds raises no alarm. */
function failedAlarm(history: LambdaFunction, topic: ITopic | undefined): Alarm {
  const alarm = new Alarm(history, 'Failed', {
    alarmDescription:
      'Countersign: changes of the registry cannot be recorded. They are tried again for 24 hours, and then no longer known. ' +
      'The metrics and the log of the function say why.',
    metric: history.metricErrors({ period: Duration.minutes(15), statistic: Stats.SUM }),
    threshold: 3,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (topic) alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
