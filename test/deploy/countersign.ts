import { runProgram } from './program.ts';

/**
 * Runs the `countersign` command, and gives what it says as JSON. No option says where the stack
 * is: it is found by its outputs.
 * @throws Error with what it printed when its exit code is not 0
 */
export async function countersign(...parameters: readonly string[]) {
  const { stdout } = await runProgram('cli/countersign.ts', [...parameters, '--json']);
  return JSON.parse(stdout);
}
