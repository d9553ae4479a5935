import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Invocation } from '../../../local/lambda/instance.ts';
import { answerParent } from '../fixtures/child.ts';
import type { InstanceFigures, InstanceQuestion } from './process-instance.ts';

// One execution environment of a function, as a process, so that its memory and processor time are the
// function's alone.

const [bundle = '', exportName = ''] = process.argv.slice(2);
const handler: unknown = (await import(pathToFileURL(bundle).href))[exportName];
if (typeof handler !== 'function') throw new Error(`${bundle} has no export named ${exportName}`);

let took: number[] = [];
let cpuBefore = 0;

answerParent((question: InstanceQuestion) =>
  'event' in question ? run(question.event) : figures(),
);

async function run(event: object): Promise<Invocation> {
  const start = performance.now();
  const call = handler as (event: object) => unknown;
  const payload = await call(event);
  took.push(performance.now() - start);
  return { payload };
}

/** Time since it was last asked, and the memory in use after garbage collection. */
async function figures(): Promise<InstanceFigures> {
  const since = { took, cpu: cpuNow() - cpuBefore };
  took = [];
  await settle();
  const { rss, heapUsed } = process.memoryUsage();
  cpuBefore = cpuNow();
  return { ...since, rss, heap: heapUsed };
}

function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Collects garbage several times: finalizers that run after one collection free more. */
async function settle(): Promise<void> {
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
}
