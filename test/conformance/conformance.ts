import { randomBytes } from 'node:crypto';
import process, { stderr, stdout } from 'node:process';
import { CommanderError } from 'commander';
import { CliError } from '../../cli/io/cli-error.ts';
import { conform } from './conformance-run.ts';
import { readOptions } from './options.ts';

/** `npm run conformance`: wiring only. */

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stderr.write('stopping, as soon as what was registered is taken away\n');
    stop.abort();
  });
}
for (const stream of [stdout, stderr]) {
  // Whoever reads our output may stop reading, as `head` does; what was registered must still go.
  stream.on('error', () => stop.abort());
}

process.exitCode = await run(process.argv.slice(2)).catch(exitCodeOf);
// Requests that nobody waits for any more would keep the process.
process.exit();

async function run(parameters: readonly string[]): Promise<number> {
  const options = readOptions(parameters, (text) => stdout.write(text));
  const { results, left } = await conform(options, {
    write: (line) => stdout.write(`${line}\n`),
    now: () => Math.floor(Date.now() / 1000),
    name: randomBytes(4).toString('hex'),
    signal: stop.signal,
  });
  for (const command of left) {
    stderr.write(`error: could not be taken away; run: npx countersign ${command}\n`);
  }
  if (stop.signal.aborted) return 130;
  return left.length > 0 || results.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (!(error instanceof CliError)) throw error;
  stderr.write(`error: ${error.message}\n`);
  return error.exitCode;
}
