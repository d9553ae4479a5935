import { expect, test } from 'vitest';
import { countersign } from '../cli/command.ts';
import { demo, product } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';

/** The doctor, who finds the deployment by its stack. */
export function diagnosis({ issuer, api }: Deployment): void {
  test('countersign doctor finds nothing wrong', async () => {
    const options = ['--stack', product, '--api', api, '--api-stack', demo, '--json'];
    const { exitCode, stdout } = await countersign(['doctor', ...options]);
    const report = JSON.parse(stdout);
    expect(report.issuer).toBe(issuer);
    const wanting = report.findings.filter(({ status }: { status: string }) => status !== 'ok');
    expect(wanting).toEqual([]);
    expect(exitCode).toBe(0);
  });
}
