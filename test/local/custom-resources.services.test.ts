import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { provideCustomResources } from '../../local/deployment/custom-resources.ts';
import type { LambdaFunction } from '../../local/lambda/function.ts';
import type { Invocation } from '../../local/lambda/instance.ts';
import type { CustomResourceDefinition } from '../../local/template/custom-resources.ts';

type Event = Readonly<Record<string, unknown>> & { readonly ResponseURL: string };

const success = { Status: 'SUCCESS', PhysicalResourceId: 'the-ring' };

/** A function that answers as the test says, and remembers what it was asked. */
function answering(answer: (event: Event) => Promise<Invocation>) {
  const events: Event[] = [];
  const lambda: LambdaFunction = {
    invoke: (event) => {
      events.push(event as Event);
      return answer(event as Event);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { events, functions: new Map([['arn', lambda]]) };
}

const put = (body: unknown, method = 'PUT') =>
  answering(async ({ ResponseURL }) => {
    await fetch(ResponseURL, { method, body: JSON.stringify(body) });
    return { payload: null };
  });

const resource = (properties: Readonly<Record<string, string>> = {}, timeout = 60) =>
  ({
    stack: 'Stack',
    id: 'Ring',
    type: 'Custom::Ring',
    functionArn: 'arn',
    timeout,
    properties,
  }) satisfies CustomResourceDefinition;

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'custom-resources-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

describe('a custom resource', () => {
  test('is created once, and left as it is while its properties are the same', async () => {
    const { events, functions } = put(success);
    const surroundings = { functions, directory: await directory() };
    await provideCustomResources([resource({ a: '1' })], surroundings);
    await provideCustomResources([resource({ a: '1' })], surroundings);
    expect(events).toEqual([
      {
        RequestType: 'Create',
        ResponseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/[\da-f]{64}$/),
        StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Stack/local',
        RequestId: expect.any(String),
        ResourceType: 'Custom::Ring',
        LogicalResourceId: 'Ring',
        ResourceProperties: { a: '1' },
      },
    ]);
  });

  test('is updated when its properties are others, and told the old ones', async () => {
    const { events, functions } = put(success);
    const surroundings = { functions, directory: await directory() };
    await provideCustomResources([resource({ a: '1' })], surroundings);
    await provideCustomResources([resource({ a: '2' })], surroundings);
    expect(events[1]).toMatchObject({
      RequestType: 'Update',
      PhysicalResourceId: 'the-ring',
      ResourceProperties: { a: '2' },
      OldResourceProperties: { a: '1' },
    });
  });

  test('that was not made is made at the next start', async () => {
    const surroundings = { directory: await directory() };
    const bad = put({ Status: 'FAILED', Reason: 'no key' });
    const making = provideCustomResources([resource()], { ...surroundings, ...bad });
    await expect(making).rejects.toThrow('Ring of the stack Stack cannot be made: no key');
    const good = put(success);
    await provideCustomResources([resource()], { ...surroundings, ...good });
    expect(good.events).toMatchObject([{ RequestType: 'Create' }]);
  });

  test('stays known when another cannot be made', async () => {
    const { events, functions } = put(success);
    const path = await directory();
    const other = { ...resource({ a: '1' }), id: 'Other' };
    await provideCustomResources([resource(), other], { functions, directory: path });
    const bad = { ...resource(), id: 'Bad', functionArn: 'nobody' };
    const making = provideCustomResources([resource(), bad, other], { functions, directory: path });
    await expect(making).rejects.toThrow('nobody does not exist');
    await provideCustomResources([resource(), other], { functions, directory: path });
    expect(events).toHaveLength(2);
  });

  test('that is in no template any more is forgotten', async () => {
    const { events, functions } = put(success);
    const path = await directory();
    for (const resources of [[resource()], [{ ...resource(), id: 'Other' }], [resource()]]) {
      await provideCustomResources(resources, { functions, directory: path });
    }
    expect(events.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Create', 'Create']);
  });

  test('is remembered for its owner alone; a file that is broken counts as none', async () => {
    const { events, functions } = put(success);
    const path = await directory();
    await provideCustomResources([resource()], { functions, directory: path });
    const file = join(path, 'custom-resources.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain('the-ring');
    await writeFile(file, '{');
    await provideCustomResources([resource()], { functions, directory: path });
    expect(events.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Create']);
  });

  const fails = answering(async () => ({ errorType: 'Error', errorMessage: 'KMS is down' }));
  const silent = answering(async () => ({ payload: null }));

  test.for([
    ['whose function fails', fails, 60, 'Error KMS is down'],
    ['without an answer', silent, 0.05, 'no answer within 0.05 s'],
    ['without a physical id', put({ Status: 'SUCCESS' }), 60, 'without a reason'],
    ['whose answer is posted', put(success, 'POST'), 0.5, 'no answer within 0.5 s'],
    ['whose function does not exist', { functions: new Map() }, 60, 'arn does not exist'],
  ] as const)('%s is a sentence', async ([, { functions }, timeout, reason]) => {
    const surroundings = { functions, directory: await directory() };
    await expect(provideCustomResources([resource({}, timeout)], surroundings)).rejects.toThrow(
      reason,
    );
  });
});
