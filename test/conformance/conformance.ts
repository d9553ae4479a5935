import { randomBytes } from 'node:crypto';
import process, { stderr, stdout } from 'node:process';
import { CommanderError } from 'commander';
import { Refusal } from '../../cli/refusal.ts';
import { conform } from './conformance-run.ts';
import { readOptions } from './options.ts';

/** `npm run conformance`: wiring only. */

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    stderr.write('stopping; what was registered is taken away\n');
    stop.abort();
  });
}

process.exitCode = await run(process.argv.slice(2)).catch(exitCodeOf);

async function run(parameters: readonly string[]): Promise<number> {
  const options = readOptions(parameters, (text) => stdout.write(text));
  const results = await conform(options, {
    write: (line) => stdout.write(`${line}\n`),
    now: () => Math.floor(Date.now() / 1000),
    name: randomBytes(4).toString('hex'),
    signal: stop.signal,
  });
  if (stop.signal.aborted) return 130;
  return results.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (!(error instanceof Refusal)) throw error;
  stderr.write(`error: ${error.message}\n`);
  return error.exitCode;
}
