#!/usr/bin/env node
import process, { stderr, stdin, stdout } from 'node:process';
import { programName } from './command/program-name.ts';
import { runProgram } from './program.ts';

/** The `countersign` command: wiring only. */

for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads our output may stop reading, as `head` does.
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

const interrupted = new AbortController();

const exitCode = await runProgram(
  {
    terminal: { input: stdin, output: stdout, notes: stderr },
    program: programName(process.argv[1] ?? ''),
    now: () => Math.floor(Date.now() / 1000),
    interruption: () => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        // Not once: npx passes on what a terminal has sent to both.
        process.on(signal, () => interrupted.abort());
      }
      return interrupted.signal;
    },
  },
  process.argv.slice(2),
);

// What was interrupted may still have requests under way.
if (interrupted.signal.aborted) process.exit(exitCode);
process.exitCode = exitCode;
