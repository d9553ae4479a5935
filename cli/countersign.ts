#!/usr/bin/env node
import process, { stderr, stdin, stdout } from 'node:process';
import { runProgram } from './program.ts';

/** The `countersign` command: wiring only. */

for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads our output may stop reading, as `head` does.
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

process.exitCode = await runProgram(
  {
    terminal: { input: stdin, output: stdout, notes: stderr },
    now: () => Math.floor(Date.now() / 1000),
  },
  process.argv.slice(2),
);
