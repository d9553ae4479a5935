import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterAll, describe, expect, test } from 'vitest';
import { isRollingBack } from '../../functions/aws/stack-status.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { testDeployment } from './test-deployment.ts';

/** What CloudFormation would get. */
const answers: unknown[] = [];
const box = createServer(async (request, response) => {
  answers.push(JSON.parse(await text(request)));
  response.writeHead(200).end();
});
const ResponseURL = `http://127.0.0.1:${await listen(box)}/answer`;
afterAll(() => close(box));

const StackId = 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Countersign/guid';
const [old, other] = ['https://old.example.com', 'https://new.example.com'];
const refused =
  `The issuer would change from ${old} to ${other}, and whatever knows the old one would break: ` +
  `clients, APIs and tokens. Take the change back, or set replacesIssuer to ${old} as well.`;

type Properties = Readonly<Record<string, string>>;

const update = (before: Properties, after: Properties) => ({
  RequestType: 'Update',
  ResponseURL,
  StackId,
  RequestId: 'a-request',
  LogicalResourceId: 'KeyRing',
  ResourceProperties: { ServiceToken: 'arn', SigningAlgorithm: 'RS256', ...after },
  OldResourceProperties: { ServiceToken: 'arn', SigningAlgorithm: 'RS256', ...before },
});

/** A deployment with an active key, whose stack stands as the test says. */
async function deployed(isRollingBackNow: () => Promise<boolean> = async () => false) {
  const asked: string[] = [];
  const deployment = await testDeployment({
    isRollingBack: (stackId) => {
      asked.push(stackId);
      return isRollingBackNow();
    },
  });
  await deployment.handler({ ...update({}, { Issuer: old }), RequestType: 'Create' });
  expect(answers.at(-1)).toMatchObject({ Status: 'SUCCESS' });
  return { ...deployment, asked };
}

describe('an update that changes the issuer', () => {
  test.for<[string, Properties, Properties]>([
    ['is not asked for', { Issuer: old }, { Issuer: other, ReplacesIssuer: 'none' }],
    ['is asked for in an old form', { Issuer: old }, { Issuer: other }],
    [
      'replaces a third one',
      { Issuer: old },
      { Issuer: other, ReplacesIssuer: 'https://c.example' },
    ],
    ['says the new one twice', { Issuer: old }, { Issuer: other, ReplacesIssuer: other }],
    [
      'still says what it replaced the last time',
      { Issuer: old, ReplacesIssuer: other },
      { Issuer: other, ReplacesIssuer: other },
    ],
    [
      'takes back a change that has gone well',
      { Issuer: old, ReplacesIssuer: other },
      { Issuer: other, ReplacesIssuer: 'none' },
    ],
  ])('has failed where it %s, and changes nothing', async ([, before, after]) => {
    const { handler, keyRing, asked, audited } = await deployed();
    const ring = await keyRing.load();
    await handler(update(before, after));
    expect(answers.at(-1)).toMatchObject({ Status: 'FAILED', Reason: refused });
    expect(asked).toEqual([StackId]);
    expect(await keyRing.load()).toEqual(ring);
    expect(audited.at(-1)).toEqual({ outcome: 'refused', command: 'deploy', reason: refused });
  });

  test('to none that is told has failed', async () => {
    const { handler } = await deployed();
    await handler(update({ Issuer: old }, {}));
    expect(answers.at(-1)).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('to one that is not told'),
    });
  });

  test('goes well where it says which one it replaces', async () => {
    const { handler, asked } = await deployed();
    await handler(update({ Issuer: old }, { Issuer: other, ReplacesIssuer: old }));
    expect(answers.at(-1)).toMatchObject({ Status: 'SUCCESS' });
    expect(asked).toEqual([]);
  });

  test.for<[string, Properties, Properties]>([
    ['that was refused', { Issuer: other, ReplacesIssuer: 'none' }, { Issuer: old }],
    ['that was asked for', { Issuer: other, ReplacesIssuer: old }, { Issuer: old }],
    ['that came with the version that tells it', { Issuer: other }, {}],
  ])('is taken back by a roll-back of one %s', async ([, failed, before]) => {
    const { handler, asked } = await deployed(async () => true);
    await handler(update(failed, before));
    expect(answers.at(-1)).toMatchObject({ Status: 'SUCCESS' });
    expect(asked).toEqual([StackId]);
  });

  test('waits for CloudFormation to say whether it is a roll-back', async () => {
    const replies = [() => Promise.reject(new Error('throttled')), async () => true];
    const { handler, asked } = await deployed(() => (replies.shift() ?? (async () => true))());
    await handler(update({ Issuer: other }, { Issuer: old }));
    expect(answers.at(-1)).toMatchObject({ Status: 'SUCCESS' });
    expect(asked).toHaveLength(2);
  });

  test('has failed where CloudFormation does not say so for 40 seconds', async () => {
    const { handler, clock } = await deployed(() => Promise.reject(new Error('denied')));
    const before = clock.now;
    await handler(update({ Issuer: old }, { Issuer: other }));
    expect(answers.at(-1)).toMatchObject({
      Status: 'FAILED',
      Reason: 'Whether a change of the issuer is a roll-back cannot be known: Error: denied',
    });
    expect(clock.now - before).toBe(40);
  });
});

describe('an update that does not change the issuer', () => {
  test.for<[string, Properties, Properties]>([
    ['with the same one', { Issuer: old }, { Issuer: old, ReplacesIssuer: 'none' }],
    ['from a version that did not tell it', {}, { Issuer: other, ReplacesIssuer: 'none' }],
  ])('goes well without a question: %s', async ([, before, after]) => {
    const { handler, asked } = await deployed();
    await handler(update(before, after));
    expect(answers.at(-1)).toMatchObject({ Status: 'SUCCESS' });
    expect(asked).toEqual([]);
  });
});

describe('CloudFormation says how a stack stands', () => {
  const stacks = new Map<string, string>();
  const service = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const status = stacks.get(String(form.get('StackName')));
    const member =
      status === undefined
        ? ''
        : `<member><StackName>a</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus></member>`;
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${member}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
  });
  afterAll(() => close(service));
  const client = async () =>
    new CloudFormationClient({
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${await port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
  const port = listen(service);

  test.for([
    ['UPDATE_ROLLBACK_IN_PROGRESS', true],
    ['ROLLBACK_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', true],
    ['UPDATE_IN_PROGRESS', false],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', false],
    ['UPDATE_ROLLBACK_FAILED', false],
    ['UPDATE_ROLLBACK_COMPLETE', false],
  ] as const)('%s', async ([status, is]) => {
    stacks.set(StackId, status);
    expect(await isRollingBack(await client(), StackId)).toBe(is);
  });

  test('one that it does not know is no answer', async () => {
    await expect(isRollingBack(await client(), 'gone')).rejects.toThrow('does not say how gone');
  });
});
