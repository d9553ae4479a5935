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
import type { Construct } from 'constructs';
import { overdueMetric } from '../../functions/aws/deployment-metrics.ts';
import { wrongValue } from '../settings/configuration-error.ts';

/** What the alarms watch, and where they go. */
export interface KeyRotationAlarmsProps {
  readonly function: LambdaFunction;
  /** What its metrics are told apart by. */
  readonly deployment: string;
  /** @default nowhere: they can be seen in CloudWatch alone */
  readonly alarmTopic?: ITopic;
}

/** The two alarms of the key rotation. */
export interface KeyRotationAlarms {
  readonly failed: Alarm;
  readonly overdue: Alarm;
}

/** Makes the alarms: a run has failed, and what should have happened by now has not. */
export function keyRotationAlarms(
  scope: Construct,
  props: KeyRotationAlarmsProps,
): KeyRotationAlarms {
  const alarms = { failed: failedAlarm(scope, props), overdue: overdueAlarm(scope, props) };
  if (props.alarmTopic) {
    checkTopic(props.alarmTopic);
    const action = new SnsAction(props.alarmTopic);
    for (const alarm of Object.values(alarms)) alarm.addAlarmAction(action);
  }
  return alarms;
}

/** Those who write JavaScript have no compiler to tell them, and an alarm without a topic wakes nobody. */
function checkTopic(topic: ITopic): void {
  if (typeof topic.topicArn === 'string') return;
  throw wrongValue('alarmTopic', topic, 'must be a Topic, or what Topic.fromTopicArn() gives');
}

/**
 * Three failures in a quarter of an hour: a run and both of Lambda's retries of it. A failure after which
 * a retry succeeds raises no alarm.
 */
function failedAlarm(scope: Construct, props: KeyRotationAlarmsProps): Alarm {
  return new Alarm(scope, 'Failed', {
    alarmDescription:
      `${props.deployment}: the key rotation has failed. Tokens are issued as long as there is an active key, and the next run ` +
      'comes within five minutes. If this lasts: the log of the function says why; see also ' +
      '`npx countersign key list`.',
    metric: props.function.metricErrors({ period: Duration.minutes(15), statistic: Stats.SUM }),
    threshold: 3,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** An hour without one good measurement; none at all is as bad, since each run makes one. */
function overdueAlarm(scope: Construct, { deployment }: KeyRotationAlarmsProps): Alarm {
  return new Alarm(scope, 'Overdue', {
    alarmDescription:
      `${deployment}: a change of the signing keys is three hours late, or the key rotation does not run ` +
      'at all. Tokens are still issued, by a key that grows old. See `npx countersign key list`, the log ' +
      'of the function, and whether its schedule is enabled; `npx countersign key rotate` starts it by hand.',
    metric: new Metric({
      namespace: overdueMetric.namespace,
      metricName: overdueMetric.name,
      dimensionsMap: {
        service: overdueMetric.service,
        [overdueMetric.dimension]: deployment,
      },
      period: Duration.minutes(5),
      statistic: Stats.MAXIMUM,
    }),
    threshold: 7200,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 12,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
