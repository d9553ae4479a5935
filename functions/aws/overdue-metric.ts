import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { overdueMetric } from './overdue-metric-names.ts';

/** Makes what writes the metric, as a line of the function's log that CloudWatch reads. */
export function overdueSecondsMetric(deployment: string): (seconds: number) => void {
  const metrics = new Metrics({
    namespace: overdueMetric.namespace,
    serviceName: overdueMetric.service,
    defaultDimensions: { [overdueMetric.dimension]: deployment },
  });
  return (seconds) => {
    metrics.addMetric(overdueMetric.name, MetricUnit.Seconds, seconds);
    metrics.publishStoredMetrics();
  };
}
