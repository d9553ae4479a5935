import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CountersignCommand } from './registered-client.ts';

const bin = join(import.meta.dirname, '../../cli/countersign.ts');

/** `countersign` as its users run it, in a process of its own, with these options. */
export function countersignCommand(options: readonly string[]): CountersignCommand {
  return async (parameters) => {
    const child = spawn(process.execPath, [bin, ...parameters, ...options, '--json'], {
      // Not in the terminal's group, so that Ctrl-C ends the suite but not what it takes away.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    });
    const exit = new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', resolve),
    );
    const [output, notes] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if ((await exit) === 0) return JSON.parse(output);
    throw new Error(sentenceOf(notes) ?? 'countersign failed, or took longer than a minute');
  };
}

/** Why it failed: the last line of its notes is a JSON object that says so. */
function sentenceOf(notes: string): string | undefined {
  const last = notes.trim().split('\n').at(-1) ?? '';
  return last.startsWith('{') ? JSON.parse(last).message : last || undefined;
}
