import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { cdk } from './cdk.ts';
import { templates } from './templates.ts';
import { cfnLint } from './tools.ts';

// W3005, a needless DependsOn: the CDK lets every function wait for its role, which is needless,
// and for the role's policy, which is not.
const falseAlarms = ['--ignore-checks', 'W3005'];

/** What AWS's own linter says of the templates. */
export function linting(): void {
  test('cfn-lint finds nothing in the template of either stack', async () => {
    await cdk('synth', '--quiet');
    const files = templates();
    expect(files).toHaveLength(2);
    expect(await findings(files)).toBe('');
  });
}

/** All that it prints; each finding, a warning too, ends it with an exit code other than 0. */
export async function findings(files: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(cfnLint, [...falseAlarms, '--', ...files]);
    return stdout + stderr;
  } catch (error) {
    const { message, stdout } = error as Error & { readonly stdout?: string };
    return `${message}\n${stdout}`;
  }
}
