/** Does what an event asks for; undefined: the event is of another kind. */
export type Task = (event: unknown) => Promise<void> | undefined;

/**
 * Makes the handler of the administration: each task takes the events of its kind. All of them are invoked by AWS or
 * by those who administer the deployment.
 */
export function createHandler(tasks: readonly Task[]) {
  return async (event: unknown): Promise<void> => {
    for (const task of tasks) {
      const done = task(event);
      if (done) return done;
    }
    throw new Error('the event is of no kind that is known here');
  };
}
