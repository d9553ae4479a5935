import { Names } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** How an authorizer's or a guard's audit line says that a request was not let in. */
export const denials = ['denied', 'refused'] as const;

/** Which audit lines are counted. */
export interface AuditMetricProps {
  /** What the metric is called; also the id of its filter. */
  readonly metricName: string;
  /** Where the lines are. */
  readonly logGroup: ILogGroup;
  /** What the lines say under `outcome`: one of these. */
  readonly outcomes: readonly string[];
}

/**
 * Counts audit lines. The filter of the log group, and with it the metric and its price, is made when somebody
 * asks for the metric.
 */
export function auditMetric(
  scope: Construct,
  { metricName, logGroup, outcomes }: AuditMetricProps,
  options?: MetricOptions,
): Metric {
  const metricNamespace = `Countersign/${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`;
  if (!scope.node.tryFindChild(metricName)) {
    new MetricFilter(scope, metricName, {
      logGroup,
      metricNamespace,
      metricName,
      metricValue: '1',
      defaultValue: 0,
      filterPattern: FilterPattern.any(
        ...outcomes.map((outcome) => FilterPattern.stringValue('$.audit.outcome', '=', outcome)),
      ),
    });
  }
  return new Metric({
    namespace: metricNamespace,
    metricName,
    statistic: Stats.SUM,
    ...options,
  }).attachTo(scope);
}
