import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { returning, startTestFunction } from './test-api.ts';

describe('a function', () => {
  test('sees its own environment and nothing of ours', async () => {
    const source = returning('process.env');
    const { invoke } = await startTestFunction(source, { environment: { ISSUER: 'here' } });
    expect(await invoke({})).toEqual({ payload: { ISSUER: 'here' } });
  });

  test('gets the context of Lambda', async () => {
    const expression = '{ ...context, remaining: context.getRemainingTimeInMillis() }';
    const { invoke } = await startTestFunction(returning(expression), { timeout: 5 });
    const { payload } = { payload: undefined, ...(await invoke({})) };
    expect(payload).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'test',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
      memoryLimitInMB: '512',
      awsRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
      logGroupName: '/aws/lambda/test',
      logStreamName: 'local',
      remaining: expect.any(Number),
    });
    const { remaining } = { remaining: 0, ...(payload as object | undefined) };
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(5000);
  });

  test('gets and gives JSON, as over the wire', async () => {
    const { invoke } = await startTestFunction(
      returning('{ event, date: new Date(0), gone: undefined }'),
    );
    expect(await invoke({ a: undefined, b: new Date(0) })).toEqual({
      payload: { event: { b: '1970-01-01T00:00:00.000Z' }, date: '1970-01-01T00:00:00.000Z' },
    });
  });

  test('keeps its state from one event to the next, and takes one at a time', async () => {
    const source = `let busy = 0; let most = 0;
      export const handler = async () => {
        busy += 1; most = Math.max(most, busy);
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy -= 1;
        return most;
      };`;
    const { invoke } = await startTestFunction(source);
    const many = await Promise.all(Array.from({ length: 20 }, () => invoke({})));
    expect(new Set(many.map((invocation) => JSON.stringify(invocation)))).toEqual(
      new Set(['{"payload":1}']),
    );
    const { invoke: count } = await startTestFunction(returning('calls'));
    expect([await count({}), await count({})]).toEqual([{ payload: 1 }, { payload: 2 }]);
  });

  test('answers with the error that it throws', async () => {
    const { invoke } = await startTestFunction(
      returning("(() => { throw new RangeError('no') })()"),
    );
    expect(await invoke({})).toEqual({ errorType: 'RangeError', errorMessage: 'no' });
  });

  test('writes its lines to the log', async () => {
    const { invoke, lines } = await startTestFunction(returning("console.log('one\\ntwo')"));
    await invoke({});
    await expect.poll(() => lines).toEqual(['one', 'two']);
  });

  test('that crashes between two events is replaced', async () => {
    const source = `const id = Math.random();
      export const handler = async () => { setImmediate(() => process.exit()); return id; };`;
    const { invoke } = await startTestFunction(source);
    const first = await invoke({});
    expect(first).toHaveProperty('payload');
    const isOfAnother = (invocation: object) =>
      'payload' in invocation && !isDeepStrictEqual(invocation, first);
    await expect.poll(() => invoke({})).toSatisfy(isOfAnother);
  });

  test('that is closed in the middle of an event says so', async () => {
    const { invoke, [Symbol.asyncDispose]: close } = await startTestFunction(
      returning('new Promise(() => {})'),
    );
    const invocations = Array.from({ length: 6 }, () => invoke({}));
    await close();
    const ended = { errorType: 'Runtime.ExitError', errorMessage: 'the function exited' };
    expect(await Promise.all(invocations)).toEqual(invocations.map(() => ended));
    expect(await invoke({})).toEqual(ended);
  });
});
