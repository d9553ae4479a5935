import { redraw } from '../pages/files.ts';
import { compareFolders } from './comparing.ts';
import { reportsIn } from './folders.ts';
import { measureBenches } from './measuring.ts';
import { type Command, parseCommand, usage } from './options.ts';
import { Refusal } from './refusal.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Runs `npm run bench`.
 * @returns its exit code: 1 where a figure is worse, 2 for what cannot be done, and 3 where a bench has failed or
 * could not be compared
 */
export async function benchCommand(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    return await run(parseCommand(args), surroundings);
  } catch (error) {
    surroundings.tell(error instanceof Error ? error.message : String(error));
    return error instanceof Refusal ? 2 : 3;
  }
}

async function run(command: Command, surroundings: Surroundings): Promise<number> {
  if ('measure' in command) return await measureBenches(command.measure, surroundings);
  if ('help' in command) surroundings.print(usage);
  if ('plot' in command) await plot(command.plot);
  if ('compare' in command) await compareFolders(command.compare, surroundings);
  return 0;
}

async function plot(folder: string): Promise<void> {
  await reportsIn(folder);
  await redraw(folder);
}
