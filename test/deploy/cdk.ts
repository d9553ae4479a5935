import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const project = join(import.meta.dirname, '../..');

/** Where `cdk` leaves its cloud assembly. */
export const assembly = mkdtempSync(join(tmpdir(), 'cdk.out-'));

/**
 * Runs the project's `cdk` as a person would, and gives what it printed.
 * @throws Error with that when it fails
 */
export async function cdk(...parameters: readonly string[]): Promise<string> {
  const all = [...parameters, '--output', assembly, '--no-notices', '--no-color'];
  try {
    const { stdout, stderr } = await promisify(execFile)(
      join(project, 'node_modules/.bin/cdk'),
      all,
      {
        cwd: project,
      },
    );
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`cdk ${parameters.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Deploys stacks without a question. */
export const deploy = (...parameters: readonly string[]): Promise<string> =>
  cdk('deploy', '--require-approval', 'never', ...parameters);
