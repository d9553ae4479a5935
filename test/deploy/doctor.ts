import { expect, test } from 'vitest';
import { countersign } from './countersign.ts';
import { demo, product } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';

/** The doctor, who finds the deployment by its stack. */
export function diagnosis({ issuer, api }: Deployment): void {
  test('countersign doctor finds nothing wrong', async () => {
    const options = ['--stack', product, '--api', api, '--api-stack', demo];
    const report = await countersign('doctor', ...options);
    expect(report.issuer).toBe(issuer);
    const wanting = report.findings.filter(({ status }: { status: string }) => status !== 'ok');
    expect(wanting).toEqual([]);
  });
}
