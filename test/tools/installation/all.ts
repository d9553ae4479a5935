import type { Preparation } from '../../deploy/emulator-run.ts';
import { cdkPython } from './cdk-python.ts';
import { sam } from './sam.ts';
import { serverless } from './serverless.ts';
import { terraform } from './terraform.ts';
import type { Tool } from './tool.ts';

const all: readonly Tool[] = [sam, serverless, terraform, cdkPython];

/**
 * Installs each tool, and says loudly of each that cannot be had that it is left out.
 * @returns the variables that the runs need, with the titles of those that are left out
 * @throws Error for the first of those where REQUIRE_TOOLS is 1
 */
export async function installAll(
  preparation: Preparation,
  tools = all,
): Promise<Record<string, string>> {
  const leftOut: string[] = [];
  const variables: Record<string, string> = {};
  for (const { title, install } of tools) {
    try {
      Object.assign(variables, await install(preparation));
    } catch (error) {
      preparation.stop.throwIfAborted();
      if (preparation.environment.REQUIRE_TOOLS === '1') throw error;
      leftOut.push(title);
      preparation.print(`*** ${title} IS LEFT OUT: ${String(error)}`);
    }
  }
  return { ...variables, LEFT_OUT: leftOut.join() };
}
