import { Metrics } from '@aws-lambda-powertools/metrics';
import type { DeploymentMetric } from './deployment-metrics.ts';

/** Makes what writes a metric, as a line of the function's log that CloudWatch reads. */
export function deploymentMetric(
  { namespace, name, unit, service, dimension }: DeploymentMetric,
  deployment: string,
): (value: number) => void {
  const metrics = new Metrics({
    namespace,
    serviceName: service,
    defaultDimensions: { [dimension]: deployment },
  });
  return (value) => {
    metrics.addMetric(name, unit, value);
    metrics.publishStoredMetrics();
  };
}
