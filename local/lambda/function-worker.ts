import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Invocation, Task, WorkerData } from './instance.ts';

// One Lambda execution environment, a thread. It loads the function's bundle once, says that it is
// ready, and then runs one task after the other. An error outside of a task ends the thread.

const { bundle, exportName, authority }: WorkerData = workerData;
// It holds for this thread alone.
if (authority) setDefaultCACertificates([...getCACertificates('default'), authority]);
const handler: unknown = (await import(pathToFileURL(bundle).href))[exportName];
if (typeof handler !== 'function') throw new Error(`${bundle} has no export named ${exportName}`);

parentPort?.on('message', (task: Task) => {
  void run(task).then((invocation) => parentPort?.postMessage(invocation));
});
parentPort?.postMessage('ready');

async function run({ event, context, deadline }: Task): Promise<Invocation> {
  const getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
  try {
    const call = handler as (event: unknown, context: object) => unknown;
    const result = await call(JSON.parse(event), { ...context, getRemainingTimeInMillis });
    return { payload: JSON.parse(JSON.stringify(result) ?? 'null') };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(`${name}: ${message}\n`);
    return { errorType: name, errorMessage: message };
  }
}
