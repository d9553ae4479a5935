import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnvironment, clientSettings } from './ministack/environment.ts';
import { inFolder } from './ministack/folder.ts';
import { startMinistack } from './ministack/ministack.ts';
import { type ProcessGroup, startGroup } from './ministack/process-group.ts';
import { findPython, NoPython } from './ministack/python.ts';
import { prepareVirtualEnvironment, pythonOf } from './ministack/virtual-environment.ts';

/**
 * `npm run test:deploy`: deploys both stacks into MiniStack, an emulator of AWS on this computer,
 * and tests them there. Parameters go to vitest. Exit codes: 0 passed, 1 failed, 2 no Python,
 * 130 interrupted.
 */

const environment = process.env;
const project = join(import.meta.dirname, '../..');
const venv = join(project, '.ministack');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort());
}
// Who no longer reads cannot be told, and needs us no longer.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());

// One after the other: each step needs what the ones before it have deployed.
const vitestRun = [
  ...['--import', import.meta.resolve('./unread-output.ts')],
  ...[join(project, 'node_modules/vitest/vitest.mjs'), 'run', '--root', 'test/deploy'],
  ...['--no-cache', '--no-file-parallelism', '--bail=1'],
  ...['--testTimeout=180000', '--hookTimeout=60000', '--reporter=verbose'],
];

const held = new AsyncDisposableStack();
try {
  process.exitCode = await run();
} catch (error) {
  process.exitCode = exitCodeOf(error);
} finally {
  await held.disposeAsync();
}
process.exit();

async function run(): Promise<number> {
  const python = await findPython(environment, stop.signal);
  const directory = await temporaryDirectory();
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const installer = { ...environment, TMPDIR: directory };
  const wanted = { python, directory: venv, requirements, environment: installer };
  held.use(await prepareVirtualEnvironment({ ...wanted, stop: stop.signal }, print));

  const bare = bareEnvironment(environment, { directory, project });
  const options = { python: pythonOf(venv), directory, environment: bare, stop: stop.signal };
  const ministack = held.use(await startMinistack(options));
  print(`MiniStack runs at ${ministack.endpoint}`);

  const tests = held.use(startTests({ ...bare, ...clientSettings(ministack.endpoint) }));
  if ((await tests.ended) === 0) return 0;
  print(`The end of MiniStack's log:\n${await ministack.lastLines()}`);
  return 1;
}

async function temporaryDirectory(): Promise<string> {
  const remedy = 'set TMPDIR to a folder that you may write to';
  const prefix = join(tmpdir(), 'countersign-deploy-');
  const directory = await inFolder(tmpdir(), remedy, () => mkdtemp(prefix));
  held.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

function startTests(env: NodeJS.ProcessEnv): ProcessGroup {
  return startGroup(process.execPath, [...vitestRun, ...process.argv.slice(2)], {
    cwd: project,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    stop: stop.signal,
  });
}

function exitCodeOf(error: unknown): number {
  if (stop.signal.aborted) return 130;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof NoPython ? 2 : 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
