import { once } from 'node:events';
import { StartError } from './io/start-error.ts';
import { startLocalStack } from './stack.ts';
import { help, parseStartOptions } from './start-options.ts';
import { stateDirectory } from './state/directory.ts';
import { commands, welcome } from './welcome.ts';

/** `npm start`: the local stack until Ctrl-C. */

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort());
}
// EPIPE: the terminal, or whoever reads our output, has gone.
process.stdout.on('error', () => stop.abort());

try {
  await run();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof StartError ? error.exitCode : 1);
}

async function run(): Promise<void> {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const options = parseStartOptions(process.argv.slice(2), process.env);
  if (options.help) return void print(help);
  const stack = await startLocalStack({
    ...options,
    directory: stateDirectory(),
    progress: (step) => print(`... ${step}`),
    ...(options.verbose && { log: print }),
  });
  const sinceProcessStart = performance.now() / 1000;
  if (!stop.signal.aborted) {
    print(
      welcome(stack, commands(stack, Boolean(process.env.COUNTERSIGN_DIRECTORY)), {
        seconds: sinceProcessStart,
        settings: options.settings,
      }),
    );
    await once(stop.signal, 'abort');
  }
  await stack.stop();
  print('Stopped.');
}
