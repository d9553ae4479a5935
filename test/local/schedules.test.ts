import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { followSchedules } from '../../local/deployment/schedules.ts';
import type { LambdaFunction } from '../../local/lambda/function.ts';
import type { Invocation } from '../../local/lambda/instance.ts';

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** A schedule of every five minutes, with a function whose invocations end when the test says so. */
function following() {
  const events: object[] = [];
  const ends: ((invocation: Invocation) => void)[] = [];
  const lambda: LambdaFunction = {
    invoke: (event) => {
      events.push(event);
      return new Promise((resolve) => ends.push(resolve));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const lines: string[] = [];
  const schedule = { name: 'S', functionArn: 'arn', event: { command: 'tend' }, every: 300 };
  const functions = new Map([['arn', lambda]]);
  const followed = followSchedules([schedule], { functions, log: (line) => lines.push(line) });
  onTestFinished(followed[Symbol.dispose]);
  const end = async (invocation: Invocation) => {
    ends.shift()?.(invocation);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { events, lines, end, close: followed[Symbol.dispose] };
}

describe('a schedule', () => {
  test('invokes its function with its event, every time', async () => {
    const { events, end } = following();
    await vi.advanceTimersByTimeAsync(299_999);
    expect(events).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await end({ payload: null });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(events).toEqual([{ command: 'tend' }, { command: 'tend' }]);
  });

  test('waits for the one that is still running', async () => {
    const { events, end } = following();
    await vi.advanceTimersByTimeAsync(900_000);
    expect(events).toHaveLength(1);
    await end({ payload: null });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(events).toHaveLength(2);
  });

  test('logs what fails, and goes on', async () => {
    const { events, lines, end } = following();
    await vi.advanceTimersByTimeAsync(300_000);
    await end({ errorType: 'Error', errorMessage: 'KMS is down' });
    expect(lines).toEqual(['S Error KMS is down']);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(events).toHaveLength(2);
  });

  test('ends when it is closed', async () => {
    const { events, close } = following();
    close();
    await vi.advanceTimersByTimeAsync(900_000);
    expect(events).toEqual([]);
  });

  test('whose function does not exist is an error', () => {
    const schedule = { name: 'S', functionArn: 'arn:nobody', event: {}, every: 60 };
    const surroundings = { functions: new Map(), log: () => undefined };
    expect(() => followSchedules([schedule], surroundings)).toThrow(
      'S invokes arn:nobody, which does not exist',
    );
  });
});
