import { expect, test, vi } from 'vitest';
import { deploymentMetric } from '../../functions/aws/deployment-metric.ts';
import { expiryMetric, overdueMetric } from '../../functions/aws/deployment-metrics.ts';

test.for([overdueMetric, expiryMetric])(
  'the metric $name is one line of JSON that CloudWatch reads, with the dimensions of the alarm',
  (metric) => {
    const { namespace, name, unit, service, dimension } = metric;
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const measure = deploymentMetric(metric, 'Countersign/AuthorizationServer');
    measure(0);
    measure(7200);
    const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
    written.mockRestore();
    expect(lines).toMatchObject([{ [name]: 0 }, { [name]: 7200 }]);
    expect(lines[1]).toMatchObject({
      service,
      [dimension]: 'Countersign/AuthorizationServer',
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: [
              expect.toSatisfy((names) => String(names.sort()) === `${dimension},service`),
            ],
            Metrics: [{ Name: name, Unit: unit }],
          },
        ],
      },
    });
  },
);
