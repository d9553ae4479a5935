import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnvironment, clientSettings } from './ministack/environment.ts';
import { inFolder } from './ministack/folder.ts';
import { startMinistack } from './ministack/ministack.ts';
import { type ProcessGroup, startGroup } from './ministack/process-group.ts';
import { findPython, NoPython, type Python } from './ministack/python.ts';
import { prepareVirtualEnvironment, pythonOf } from './ministack/virtual-environment.ts';

/** What a run can use before its tests start. */
export interface Preparation {
  readonly python: Python;
  /** The folder of its temporary files. */
  readonly directory: string;
  /** Of a program that installs something. */
  readonly environment: NodeJS.ProcessEnv;
  readonly stop: AbortSignal;
  /** What is closed at the end of the run. */
  readonly held: AsyncDisposableStack;
  print(line: string): void;
}

/** Tests that have MiniStack beside them. */
export interface EmulatorRun {
  /** Their folder, from the project's. */
  readonly tests: string;
  /** Fetches what else they need, and gives the variables that tell them of it. */
  prepare?(preparation: Preparation): Promise<NodeJS.ProcessEnv>;
}

const environment = process.env;
const project = join(import.meta.dirname, '../..');
const venv = join(project, '.ministack');

const stop = new AbortController();
const held = new AsyncDisposableStack();

/**
 * Starts MiniStack, an emulator of AWS on this computer, runs tests beside it, and ends the
 * process. Parameters go to vitest. Exit codes: 0 passed, 1 failed, 2 no Python, 130 interrupted.
 */
export async function runInEmulator(wanted: EmulatorRun): Promise<never> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  // Who no longer reads cannot be told, and needs us no longer.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stop.abort());
  try {
    process.exitCode = await run(wanted);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  } finally {
    await held.disposeAsync();
  }
  process.exit();
}

async function run({ tests: folder, prepare }: EmulatorRun): Promise<number> {
  const python = await findPython(environment, stop.signal);
  const directory = await temporaryDirectory();
  const requirements = join(import.meta.dirname, 'requirements.txt');
  const installer = { ...environment, TMPDIR: directory };
  const wanted = { python, directory: venv, requirements, environment: installer };
  held.use(await prepareVirtualEnvironment({ ...wanted, stop: stop.signal }, print));
  const preparation = { python, directory, environment: installer, stop: stop.signal, held, print };
  const variables = await prepare?.(preparation);

  const bare = bareEnvironment(environment, { directory, project });
  const options = { python: pythonOf(venv), directory, environment: bare, stop: stop.signal };
  const ministack = held.use(await startMinistack(options));
  print(`MiniStack runs at ${ministack.endpoint}`);

  const { REVOCATION_TRIES } = environment;
  const chosen = { ...bare, ...(REVOCATION_TRIES && { REVOCATION_TRIES }) };
  const env = { ...chosen, ...variables, ...clientSettings(ministack.endpoint) };
  const tests = held.use(startTests(folder, env));
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

// One after the other: each step needs what the ones before it have deployed.
const vitestRun = (folder: string): readonly string[] => [
  ...['--import', import.meta.resolve('./unread-output.ts')],
  ...[join(project, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder],
  ...['--no-cache', '--no-file-parallelism', '--bail=1'],
  ...['--testTimeout=180000', '--hookTimeout=60000', '--reporter=verbose'],
];

function startTests(folder: string, env: NodeJS.ProcessEnv): ProcessGroup {
  return startGroup(process.execPath, [...vitestRun(folder), ...process.argv.slice(2)], {
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
