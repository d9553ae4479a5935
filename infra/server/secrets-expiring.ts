import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { expiryEvent } from '../../functions/administration/expiry/expiry-event.ts';
import { expiryMetric } from '../../functions/aws/deployment-metrics.ts';
import { InvokingSchedule } from '../invoking-schedule.ts';

/** What counts, and who hears of it. */
export interface SecretsExpiringProps {
  readonly function: LambdaFunction;
  /** What the metric is told apart by. */
  readonly deployment: string;
  readonly warning: Duration;
  /** @default nowhere: the alarm can be seen in CloudWatch alone */
  readonly alarmTopic: ITopic | undefined;
}

/**
 * Has the clients counted that will soon be without a secret. Twice a day, so that no day is without a count: the
 * alarm is of one day.
 */
export class SecretsExpiring extends Construct {
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, props: SecretsExpiringProps) {
    super(scope, id);
    new InvokingSchedule(this, 'Schedule', {
      description: 'Countersign: counts the clients that will soon be without a secret',
      function: props.function,
      interval: Duration.hours(12),
      event: expiryEvent,
    });
    this.alarm = alarm(this, props);
  }
}

/**
 * Without a count for a day nobody knows: the alarm is then in the state INSUFFICIENT_DATA, of which the topic
 * hears as well. It begins in that state, so that a new deployment raises no alarm before it has counted.
 */
function alarm(scope: Construct, { deployment, warning, alarmTopic }: SecretsExpiringProps): Alarm {
  const made = new Alarm(scope, 'Alarm', {
    alarmDescription:
      `${deployment}: the last secret of a client ends within ${warning.toDays({ integral: false })} days, ` +
      'and it gets no token then. See `npx countersign client list --expiring-within`; `npx countersign ' +
      'client secret add` gives it another one. Without a count the function does not run, or its log says why.',
    metric: new Metric({
      namespace: expiryMetric.namespace,
      metricName: expiryMetric.name,
      dimensionsMap: { service: expiryMetric.service, [expiryMetric.dimension]: deployment },
      period: Duration.days(1),
      statistic: Stats.MAXIMUM,
    }),
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.MISSING,
  });
  if (alarmTopic) {
    const action = new SnsAction(alarmTopic);
    made.addAlarmAction(action);
    made.addInsufficientDataAction(action);
  }
  return made;
}
