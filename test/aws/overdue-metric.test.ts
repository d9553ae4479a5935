import { expect, test, vi } from 'vitest';
import { overdueSecondsMetric } from '../../functions/aws/overdue-metric.ts';
import { overdueMetric } from '../../functions/aws/overdue-metric-names.ts';

test('the metric is one line of JSON that CloudWatch reads, with the dimensions of the alarm', () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const measure = overdueSecondsMetric('Countersign/AuthorizationServer/KeyRotation');
  measure(0);
  measure(7200);
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  written.mockRestore();
  expect(lines).toMatchObject([{ OverdueSeconds: 0 }, { OverdueSeconds: 7200 }]);
  const { namespace, name, service, dimension } = overdueMetric;
  expect(lines[1]).toMatchObject({
    service,
    [dimension]: 'Countersign/AuthorizationServer/KeyRotation',
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [
            expect.toSatisfy((names) => String(names.sort()) === `${dimension},service`),
          ],
          Metrics: [{ Name: name, Unit: 'Seconds' }],
        },
      ],
    },
  });
});
