import { constants } from 'node:os';
import { benchCommand } from './command/command.ts';
import { inOwnProcess, interrupt } from './command/own-process.ts';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    await interrupt(signal);
    process.exit(128 + constants.signals[signal]);
  });
}

process.exitCode = await benchCommand(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  tell: (line) => process.stderr.write(`${line}\n`),
  measure: inOwnProcess,
});
