import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { inTime } from '../io/time-limit.ts';

/** How an invocation ends: the function's result, or an error as Lambda names it. */
export type Invocation =
  | { readonly payload: unknown }
  | { readonly errorType: string; readonly errorMessage: string };

/** Runs a function on an event; never rejects. */
export type Invoke = (event: object) => Promise<Invocation>;

/** One event on its way into a function. */
export interface Task {
  /** JSON. */
  readonly event: string;
  readonly context: object;
  /** When the time runs out, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** What a worker is started with. */
export interface WorkerData {
  /** Path of the module that has the handler. */
  readonly bundle: string;
  readonly exportName: string;
  /** An authority, in PEM, that the function trusts beside the public ones. */
  readonly authority?: string | undefined;
}

/** One execution environment of a function. It runs one task at a time. */
export interface Instance {
  run(event: object, context: object): Promise<Invocation>;
  /** Whether it can run another task. */
  isAlive(): boolean;
  terminate(): Promise<void>;
}

/** What an instance is started with: its code, its environment and its limits. */
export interface InstanceSettings extends WorkerData {
  /** The whole environment of the function. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds that a task may take. */
  readonly timeout: number;
  /** Takes the lines that the function writes. */
  log(line: string): void;
}

/** Starts an execution environment; it loads its bundle while the caller goes on. */
export function startInstance(settings: InstanceSettings): Instance {
  const worker = startWorker(settings);
  let alive = true;
  const ended = endOf(worker).then((invocation) => {
    alive = false;
    return invocation;
  });
  const ready = Promise.race([nextMessage(worker), ended]);
  return {
    isAlive: () => alive,
    run: async (event, context) => {
      const started = await ready;
      if (typeof started === 'object') return started;
      const outcome = Promise.race([nextMessage(worker), ended]);
      const deadline = Date.now() + settings.timeout * 1000;
      worker.postMessage({ event: JSON.stringify(event), context, deadline } satisfies Task);
      const invocation = await inTime(settings.timeout, outcome);
      if (typeof invocation === 'object') return invocation;
      alive = false;
      await worker.terminate();
      return timedOut(settings.timeout);
    },
    terminate: async () => void (await worker.terminate()),
  };
}

function startWorker(settings: InstanceSettings): Worker {
  const { bundle, exportName, authority, environment: env, log } = settings;
  const workerData: WorkerData = { bundle, exportName, authority };
  const options = { workerData, env, execArgv: [], stdout: true, stderr: true };
  const worker = new Worker(new URL('./function-worker.ts', import.meta.url), options);
  for (const input of [worker.stdout, worker.stderr]) createInterface({ input }).on('line', log);
  return worker;
}

/** The next message of the worker: that it is ready, or how its task ended. */
function nextMessage(worker: Worker): Promise<'ready' | Invocation> {
  return new Promise((resolve) => worker.once('message', resolve));
}

/** Settles when the worker crashes or exits. */
function endOf(worker: Worker): Promise<Invocation> {
  return new Promise((resolve) => {
    worker.once('error', ({ name, message }) => resolve(failure(name, message)));
    worker.once('exit', () => resolve(exited));
  });
}

const timedOut = (seconds: number) =>
  failure('Sandbox.Timedout', `Task timed out after ${seconds.toFixed(2)} seconds`);

const failure = (errorType: string, errorMessage: string): Invocation => ({
  errorType,
  errorMessage,
});

/** How every invocation ends in a function that has exited. */
export const exited: Invocation = failure('Runtime.ExitError', 'the function exited');
