import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** The metric by which an alarm learns of a key rotation that is late. */
export const overdueMetric = {
  namespace: 'Countersign',
  name: 'OverdueSeconds',
  service: 'key-rotation',
  /** The dimension that tells deployments apart. */
  dimension: 'deployment',
} as const;

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
