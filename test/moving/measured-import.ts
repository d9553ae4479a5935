import { runProgram } from '../../cli/program.ts';

// `countersign import` with these parameters, and behind its answer how much memory it took.

const terminal = { input: process.stdin, output: process.stdout, notes: process.stderr };
const commandLine = {
  terminal,
  program: 'countersign',
  now: () => Math.floor(Date.now() / 1000),
  interruption: () => new AbortController().signal,
};
process.exitCode = await runProgram(commandLine, ['import', ...process.argv.slice(2)]);
const { maxRSS } = process.resourceUsage();
process.stderr.write(`${Math.round(maxRSS / 1024)} MB of memory at most\n`);
