import { exited, type Instance, type Invocation } from '../../../local/lambda/instance.ts';
import type { FunctionDefinition } from '../../../local/template/functions.ts';
import { startChild } from '../fixtures/child.ts';

/** What an instance is asked: to run an event, or for its figures. */
export type InstanceQuestion = { readonly event: object } | { readonly figures: true };

/** What an instance tells about itself. */
export interface InstanceFigures {
  /** Milliseconds that each event took within the function since it was last asked. */
  readonly took: readonly number[];
  /** Microseconds of processor time since it was last asked. */
  readonly cpu: number;
  /** Bytes, after its garbage was collected. */
  readonly rss: number;
  readonly heap: number;
}

/** An execution environment of a function that is a process, not a thread. */
export interface ProcessInstance extends Instance {
  figures(): Promise<InstanceFigures>;
}

/** Starts one with these environment variables and no others. */
export function startProcessInstance(
  { bundle, exportName, memorySize }: FunctionDefinition,
  environment: Readonly<Record<string, string>>,
): ProcessInstance {
  const module = new URL('./instance-process.ts', import.meta.url);
  const args = [bundle, exportName];
  const child = startChild({ module, args, environment, execArgv: heapOf(memorySize) });
  const ask = <Answer>(question: InstanceQuestion): Promise<Answer> => child.ask(question);
  return {
    run: (event) => ask<Invocation>({ event }).catch(() => exited),
    figures: () => ask({ figures: true }),
    isAlive: child.isAlive,
    terminate: async () => child[Symbol.asyncDispose](),
  };
}

/** The options that Lambda starts Node with, for a memory size in megabytes. */
const heapOf = (memorySize: number): readonly string[] => [
  '--expose-gc',
  `--max-semi-space-size=${Math.floor(memorySize * 0.05)}`,
  `--max-old-space-size=${Math.floor(memorySize * 0.9)}`,
];
