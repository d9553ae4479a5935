import { once } from 'node:events';
import { connect } from 'node:net';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, test } from 'vitest';
import { startLambdaEndpoint } from '../../local/lambda/endpoint.ts';
import { functionArn, type LambdaFunction } from '../../local/lambda/function.ts';
import { accessKeyId, naming, testAccount } from '../support/test-account.ts';

const echo: LambdaFunction = {
  invoke: async (event) => ({ payload: { event } }),
  [Symbol.asyncDispose]: async () => undefined,
};
const failing: LambdaFunction = {
  invoke: async () => ({ errorType: 'RangeError', errorMessage: 'no' }),
  [Symbol.asyncDispose]: async () => undefined,
};
const service = await startLambdaEndpoint(
  new Map([
    [functionArn('echo'), echo],
    [functionArn('failing'), failing],
  ]),
  accessKeyId,
);
const lambda = new LambdaClient({ ...testAccount, endpoint: service.endpoint, maxAttempts: 1 });
afterAll(async () => {
  lambda.destroy();
  await service[Symbol.asyncDispose]();
});

const invoke = async (FunctionName: string, Payload = '{}') => {
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  return { ...answer, payload: JSON.parse(answer.Payload?.transformToString() ?? '') };
};

describe('the Lambda endpoint, as the AWS SDK sees it', () => {
  test.for(['echo', functionArn('echo')])('invokes %s and gives what it returns', async (name) => {
    const answer = await invoke(name, '{"a":1}');
    expect(answer).toMatchObject({ StatusCode: 200, payload: { event: { a: 1 } } });
    expect(answer.FunctionError).toBeUndefined();
  });

  test('a function that fails is an answer, with the error in it', async () => {
    expect(await invoke('failing')).toMatchObject({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'no' },
    });
  });

  test('an unknown function is ResourceNotFoundException', async () => {
    await expect(invoke('nobody')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Function not found: ${functionArn('nobody')}`,
    });
  });

  test('a payload that is no JSON is InvalidRequestContentException', async () => {
    await expect(invoke('echo', '{')).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
  });

  test('a name that is none, and a caller who hangs up, do no harm', async () => {
    const headers = naming(accessKeyId);
    const at = (name: string) => `${service.endpoint}/2015-03-31/functions/${name}/invocations`;
    const response = await fetch(at('%zz'), { method: 'POST', headers });
    expect(response.status).toBe(500);
    const socket = connect(Number(new URL(service.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    const { promise: sent, resolve } = Promise.withResolvers<void>();
    const { host, pathname } = new URL(at('echo'));
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${headers.authorization}`;
    socket.write(`${head}\r\ncontent-length: 2\r\n\r\n{`, () => resolve());
    await sent;
    expect(await invoke('echo')).toMatchObject({ StatusCode: 200 });
    socket.resetAndDestroy();
    await once(socket, 'close');
    expect(await invoke('echo')).toMatchObject({ StatusCode: 200 });
  });

  test('another operation is refused', async () => {
    const headers = naming(accessKeyId);
    const response = await fetch(`${service.endpoint}/2015-03-31/functions/`, { headers });
    expect(response.status).toBe(404);
  });
});
