import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { errorCodes } from '../../cli/io/error-codes.ts';
import { visible } from '../../cli/io/visible.ts';
import { runProgram } from '../../cli/program.ts';

/** What a command did, as its caller sees it. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const bin = join(import.meta.dirname, '../../cli/countersign.ts');

/** Runs the real command in a process of its own, with this on its standard input. */
export async function countersign(parameters: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(bin, parameters);
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exit, stdout, stderr };
}

/**
 * Runs the command in this process, which is faster where the process is not the point. An error that was
 * told in JSON is checked, and given as people are told it: what is told is the same.
 */
export async function inProcess(...given: Parameters<typeof inProcessAsItIs>): Promise<Outcome> {
  const outcome = await inProcessAsItIs(...given);
  return { ...outcome, stderr: outcome.stderr.replace(/^\{"error":.*\}$/m, inWords) };
}

function inWords(json: string): string {
  const { error, message, hint = '', ...more } = JSON.parse(json);
  expect(Object.keys(errorCodes)).toContain(error);
  expect({ hint, ...more }).toEqual({ hint: expect.any(String) });
  return `error: ${visible(message)}`;
}

/** The same, to the letter. */
export async function inProcessAsItIs(
  parameters: readonly string[],
  options: {
    readonly now?: () => number;
    /** What comes on standard input: at once, or in parts when they are asked for. */
    readonly input?: string | AsyncIterable<string>;
    readonly isTTY?: boolean;
    readonly interruption?: () => AbortSignal;
  } = {},
): Promise<Outcome> {
  const { now = () => Math.floor(Date.now() / 1000), input = '', isTTY = false } = options;
  const { interruption = () => new AbortController().signal } = options;
  const [output, notes] = [new PassThrough(), new PassThrough()];
  const terminal = {
    input: Object.assign(Readable.from(typeof input === 'string' ? [input] : input), { isTTY }),
    output,
    notes,
  };
  const exitCode = await runProgram(
    { terminal, program: 'countersign', now, interruption },
    parameters,
  );
  output.end();
  notes.end();
  return { exitCode, stdout: await text(output), stderr: await text(notes) };
}
