import type { LambdaFunction } from '../lambda/function.ts';
import type { ScheduleDefinition } from '../template/schedules.ts';

/** The functions that schedules invoke, and where failures are logged. */
export interface ScheduleSurroundings {
  /** By ARN. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  log(line: string): void;
}

/**
 * Invokes functions at their times, until what it gives is disposed of. Where the last invocation
 * still runs, one is left out. Failures are logged.
 * @throws Error for a schedule whose function does not exist
 */
export function followSchedules(
  schedules: readonly ScheduleDefinition[],
  surroundings: ScheduleSurroundings,
): Disposable {
  const timers = schedules.map((schedule) =>
    setInterval(invoking(schedule, surroundings), schedule.every * 1000),
  );
  return {
    [Symbol.dispose]: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

function invoking(
  { name, functionArn, event }: ScheduleDefinition,
  { functions, log }: ScheduleSurroundings,
): () => void {
  const lambda = functions.get(functionArn);
  if (!lambda) throw new Error(`${name} invokes ${functionArn}, which does not exist`);
  let running = false;
  const run = async () => {
    running = true;
    const invocation = await lambda.invoke(event);
    running = false;
    if ('payload' in invocation) return;
    log(`${name} ${invocation.errorType} ${invocation.errorMessage}`);
  };
  return () => {
    if (!running) void run();
  };
}
