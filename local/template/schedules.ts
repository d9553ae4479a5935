import type { Resolver } from './resolver.ts';
import { demand, malformed, type Resource, resourcesOf, text } from './resource.ts';
import { placeName, type StackTemplate } from './stack-template.ts';

/** A schedule of a stack, which invokes a function at a fixed rate. */
export interface ScheduleDefinition {
  /** Its name in the log. */
  readonly name: string;
  readonly functionArn: string;
  /** The function's event. */
  readonly event: object;
  /** Seconds from one invocation to the next. */
  readonly every: number;
}

/** The schedules of a stack that are enabled. */
export function schedulesOf(
  stack: StackTemplate,
  resolve: Resolver,
): readonly ScheduleDefinition[] {
  return resourcesOf(stack, 'AWS::Scheduler::Schedule', resolve)
    .filter((schedule) => text(schedule, 'State', 'ENABLED') === 'ENABLED')
    .map(scheduleOf);
}

function scheduleOf(schedule: Resource): ScheduleDefinition {
  const { FlexibleTimeWindow, Target } = schedule.properties;
  const { Mode } = { Mode: '', ...(FlexibleTimeWindow as object) };
  const { Arn, Input } = { Arn: '', Input: '{}', ...(Target as object) };
  demand({ ...schedule, properties: { FlexibleTimeWindow: Mode } }, 'FlexibleTimeWindow', 'OFF');
  return {
    name: placeName(schedule),
    functionArn: Arn,
    event: eventOf(schedule, Input),
    every: rateOf(schedule),
  };
}

function eventOf(schedule: Resource, input: string): object {
  try {
    return JSON.parse(input);
  } catch {
    throw malformed(schedule, 'Target');
  }
}

const secondsIn: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/** The longest delay of a timer of Node (2^31 ms), in whole days. */
const longest = 24 * 86_400;

/** Seconds of a rate. @throws Error for the other expressions, `cron` and `at`, which are not used */
function rateOf(schedule: Resource): number {
  const expression = text(schedule, 'ScheduleExpression');
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = Number(count) * (secondsIn[unit] ?? 0);
  if (seconds > 0 && seconds <= longest) return seconds;
  throw malformed(schedule, 'ScheduleExpression');
}
