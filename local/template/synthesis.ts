import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { CountersignAppProps } from '../../infra/app/countersign-app.ts';
import { StartError } from '../io/start-error.ts';
import type { StackTemplate } from './stack-template.ts';

/** What comes of a synthesis: the stacks, or which setting is wrong. */
export type Synthesized =
  | { readonly stacks: readonly StackTemplate[] }
  | { readonly wrong: string };

/**
 * Synthesizes the CDK app into a folder, which it empties first, and gives the templates of its
 * stacks. The functions' bundles are in that folder.
 * @throws StartError with exit code 2 for a wrong setting; Error as the app does, for a function that cannot
 *   be bundled
 */
export async function synthesize(
  { context, outdir }: Pick<Required<CountersignAppProps>, 'context' | 'outdir'>,
  log: (line: string) => void,
): Promise<readonly StackTemplate[]> {
  await rm(outdir, { recursive: true, force: true });
  const worker = new Worker(new URL('./synthesis-worker.ts', import.meta.url), {
    // The CDK's own checks of the templates take a second or two; `cdk synth` makes them.
    workerData: { context, outdir, validation: false } satisfies CountersignAppProps,
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  for (const input of [worker.stdout, worker.stderr]) {
    createInterface({ input }).on('line', (line) => log(`synthesis ${line}`));
  }
  return new Promise((resolve, reject) => {
    worker.once('message', (synthesized: Synthesized) => {
      if ('stacks' in synthesized) resolve(synthesized.stacks);
      else reject(new StartError(synthesized.wrong, 2));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the synthesis ended without a result')));
  });
}
