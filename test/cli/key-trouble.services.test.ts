import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { inProcess } from './command.ts';
import { functionError, type LambdaAnswer, lambdaError } from './lambda-service.ts';
import { localDeployment } from './local-deployment.ts';

/** `countersign key` when Lambda, or the function, does not do what it is asked. */

const { directory, file, lambda } = await localDeployment();
const kid = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
const list = ['key', 'list'];
const rotate = ['key', 'rotate'];
const revoke = ['key', 'revoke', kid, '--yes'];

async function sentenceOf(command: readonly string[], answer: LambdaAnswer): Promise<string> {
  lambda.answerWith(answer);
  const outcome = await inProcess([...command, '--local', '--json']);
  expect(outcome).toMatchObject({ exitCode: 1, stdout: '' });
  const [, sentence = outcome.stderr] = /^error: (.*)\n$/.exec(outcome.stderr) ?? [];
  return sentence;
}

const answering = (body: string): LambdaAnswer => ({ status: 200, body });

beforeEach(() => {
  lambda.calls.length = 0;
});

describe('a function that fails', () => {
  const failed = functionError('KMSInvalidStateException', 'key is pending deletion\nat x.ts:1');

  test('is told with its error and without its stack', async () => {
    expect(await sentenceOf(list, failed)).toBe(
      'the key rotation function failed (KMSInvalidStateException: key is pending deletion); look at its log',
    );
  });

  test.for([[rotate], [revoke]])('is not asked again for a change: %s', async ([command = []]) => {
    expect(await sentenceOf(command, failed)).toMatch(
      /; look at its log; `countersign key list --local` shows what happened$/,
    );
    expect(lambda.calls).toHaveLength(1);
  });

  test('may say nothing of use', async () => {
    const headers = { 'x-amz-function-error': 'Unhandled' };
    expect(await sentenceOf(list, { status: 200, headers, body: '' })).toBe(
      'the key rotation function failed (Error); look at its log',
    );
  });

  test('cannot steer the terminal', async () => {
    expect(await sentenceOf(list, functionError('Error', '\u001b[31mred'))).toBe(
      'the key rotation function failed (Error: \\u001b[31mred); look at its log',
    );
  });
});

describe('an answer that is lost', () => {
  const lost = 'the answer was lost; `countersign key list --local` shows what happened';

  test.for([[rotate], [revoke]])('of a change is told as such: %s', async ([command = []]) => {
    expect(await sentenceOf(command, 'reset')).toBe(lost);
    expect(lambda.calls).toHaveLength(1);
  });

  test('of a change that takes longer than any does', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const told: string[] = [];
    const telling = sentenceOf(rotate, 'hang').then((sentence) => told.push(sentence));
    await vi.waitUntil(() => lambda.calls.length > 0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(11_000);
    await telling;
    expect(told).toEqual([lost]);
    vi.useRealTimers();
  });

  test('of a change, because something on the way answers instead', async () => {
    const headers = { 'content-type': 'text/html' };
    const answer = { status: 502, headers, body: '<html>Bad gateway</html>' };
    expect(await sentenceOf(rotate, answer)).toBe(lost);
  });

  test('of a list is asked for again', async () => {
    expect(await sentenceOf(list, 'reset')).toBe(
      'the service cannot be reached: look at the network and the region',
    );
    expect(lambda.calls).toHaveLength(2);
  });
});

const reply = (special: object) => {
  const key = {
    kid,
    key_id: 'a-key',
    alg: 'RS256',
    state: 'active',
    published_at: 0,
    revoked: false,
  };
  return JSON.stringify({ outcome: 'done', keys: [{ ...key, ...special }], kid });
};

describe('an answer that is no reply', () => {
  test.for([
    ['no JSON', 'OK'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['another outcome', '{"outcome":"postponed"}'],
    ['no keys', '{"outcome":"done"}'],
    ['a refusal without a reason', '{"outcome":"refused"}'],
    ['an unknown state', reply({ state: 'asleep' })],
    ['a kid that is none', reply({ kid: '\u001b[31m' })],
    ['a time beyond all calendars', reply({ published_at: 1e15 })],
    ['a time as text', reply({ next_change: { to: 'active', at: '2026' } })],
  ])('%s', async ([, body = '']) => {
    const sentence =
      'the key rotation function gave an answer that this version of countersign does not know: deploy the stack again with npx cdk deploy';
    expect(await sentenceOf(list, answering(body))).toBe(sentence);
    expect(await sentenceOf(rotate, answering(body))).toBe(
      `${sentence}; \`countersign key list --local\` shows what happened`,
    );
  });

  test('but a newer version may tell more', async () => {
    lambda.answerWith(answering(reply({ origin: 'AWS_KMS' })));
    expect(await inProcess(['key', 'list', '--local', '--json'])).toMatchObject({ exitCode: 0 });
  });
});

test('a local stack that was started before there was a key rotation', async () => {
  const { lambdaEndpoint: _, keyRotationFunction: __, ...older } = file;
  const path = join(directory, 'local.json');
  await writeFile(path, JSON.stringify(older));
  expect(await sentenceOf(list, 'hang')).toBe(
    'this local stack has no key rotation yet: start it again with npm start',
  );
  await writeFile(path, JSON.stringify(file));
});

test('a refusal is the reason that the function gives', async () => {
  const refusal = { outcome: 'refused', reason: 'a rotation is under way' };
  expect(await sentenceOf(rotate, answering(JSON.stringify(refusal)))).toBe(refusal.reason);
});

describe('an error of Lambda', () => {
  const denied =
    'User: arn:aws:iam::111122223333:user/x is not authorized to perform: lambda:InvokeFunction';

  test.for([
    [403, 'AccessDeniedException', denied, `the AWS credentials do not permit this: ${denied}`],
    [
      404,
      'ResourceNotFoundException',
      'Function not found: arn:aws:lambda:eu-central-1:111122223333:function:x',
      'the key rotation function of this deployment does not exist',
    ],
    [429, 'TooManyRequestsException', 'Rate Exceeded.', 'AWS is busy: try again'],
    [
      500,
      'ServiceException',
      'Internal Error',
      'Internal Error; `countersign key list --local` shows what happened',
    ],
  ] as const)('%i %s', async ([status, type, message, sentence]) => {
    expect(await sentenceOf(revoke, lambdaError(status, type, message))).toBe(sentence);
    expect(lambda.calls).toHaveLength(1);
  });
});
