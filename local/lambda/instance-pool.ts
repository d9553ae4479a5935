import { exited, type Instance, type Invocation } from './instance.ts';

/** The execution environments of one function. Their end is that of what they are doing, too. */
export interface InstancePool extends AsyncDisposable {
  readonly run: Instance['run'];
}

/** Instances of a function at once; events wait for one when all are busy. */
const maxInstances = 4;

/**
 * Keeps instances as Lambda does. Each takes one event at a time; another one is started when all are
 * busy. The one used last is used again first, and one that ended is replaced. The first is started
 * at once.
 */
export function createInstancePool(start: () => Instance): InstancePool {
  const all = new Set([start()]);
  const idle = [...all];
  const waiting: (() => void)[] = [];
  let busy = 0;
  let closed = false;

  const enter = async (): Promise<void> => {
    if (busy >= maxInstances) return new Promise((resolve) => waiting.push(resolve));
    busy += 1;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  };
  const take = (): Instance => {
    const instance = idle.pop();
    if (instance?.isAlive()) return instance;
    if (!instance) return add(all, start());
    all.delete(instance);
    return take();
  };
  const run = async (event: object, context: object): Promise<Invocation> => {
    await enter();
    try {
      if (closed) return exited;
      const instance = take();
      const invocation = await instance.run(event, context);
      idle.push(instance);
      return invocation;
    } finally {
      leave();
    }
  };
  return {
    run,
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await Promise.all([...all].map((instance) => instance.terminate()));
    },
  };
}

function add<Element>(set: Set<Element>, element: Element): Element {
  set.add(element);
  return element;
}
