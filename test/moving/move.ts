import { basename } from 'node:path';
import { type Ended, run } from '../interop/running/program.ts';
import { startTestStack } from '../support/local-stack.ts';
import type { MovingSystem } from './systems/system.ts';
import { askAll, type Got } from './token-orders.ts';

/** How clients moved from one system. */
export interface MovingRecord {
  readonly title: string;
  readonly before: readonly Got[];
  /** The commands of the move with what they said, in their order. */
  readonly commands: readonly { readonly line: string; readonly said: string }[];
  readonly after: readonly Got[];
  readonly succeeded: boolean;
}

/** Has clients ask the other system, imports them, and has them ask here. Then imports them again. */
export async function moved(system: MovingSystem, folder: string): Promise<MovingRecord> {
  const before: Got[] = [];
  const files = await system.move(folder, async (tokenEndpoint) => {
    before.push(...(await askAll(tokenEndpoint)));
  });
  const stack = await startTestStack();
  try {
    const commands: MovingRecord['commands'][number][] = [];
    const command = async (...options: readonly string[]) => {
      const words = ['import', '--from', system.source];
      const { stdout, stderr } = await countersign(stack.directory, [
        ...words,
        ...files,
        ...options,
      ]);
      const shown = ['countersign', ...words, ...files.map((file) => basename(file)), ...options];
      commands.push({ line: shown.join(' '), said: `${stdout}${stderr}`.trim() });
    };
    await command('--dry-run');
    await command();
    const after = await askAll(`${stack.issuer}/token`);
    await command();
    const succeeded = [...before, ...after].every((got) => got.succeeded);
    return { title: system.title, before, commands, after, succeeded };
  } finally {
    await stack.stop();
  }
}

const countersign = (directory: string, parameters: readonly string[]): Promise<Ended> =>
  run({
    command: process.execPath,
    parameters: ['cli/countersign.ts', ...parameters, '--local'],
    environment: { COUNTERSIGN_DIRECTORY: directory },
  });
