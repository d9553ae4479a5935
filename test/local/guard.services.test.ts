import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, test } from 'vitest';
import { localAccount } from '../../local/account/local-account.ts';
import { startAnswerBox } from '../../local/deployment/custom-resource-answer.ts';
import { startDynamodb } from '../../local/dynamodb/dynamodb.ts';
import type { LocalService } from '../../local/io/http-server.ts';
import { startKms } from '../../local/kms/endpoint.ts';
import { startLambdaEndpoint } from '../../local/lambda/endpoint.ts';
import { functionArn, type LambdaFunction } from '../../local/lambda/function.ts';
import { newAccessKeyId } from '../../local/state/access-key.ts';
import { type RawRequest, sendRaw } from '../support/raw-request.ts';
import { accessKeyId, naming, testAccount } from '../support/test-account.ts';
import { foreignNames, ownNames } from './names.ts';

/** What listens beside the gateways answers this product and its AWS clients, and no web page. */

const started = new AsyncDisposableStack();
afterAll(() => started.disposeAsync());

const invocations: object[] = [];
const counting: LambdaFunction = {
  invoke: async (event) => {
    invocations.push(event);
    return { payload: null };
  },
  [Symbol.asyncDispose]: async () => undefined,
};
const functions = new Map([[functionArn('counting'), counting]]);
const dynamodb = started.use(await startDynamodb({ accessKeyId }));
const kms = started.use(await startKms({ accessKeyId }));
const lambda = started.use(await startLambdaEndpoint(functions, accessKeyId));

/** A request that a helper answers. */
interface Asking extends RawRequest {
  readonly port: number;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

function asking({ endpoint }: Pick<LocalService, 'endpoint'>, headers: object = {}): Asking {
  const { host, port } = new URL(endpoint);
  const own = { host, ...naming(accessKeyId), ...headers };
  return { port: Number(port), method: 'POST', target: '/', headers: own, body: '{}' };
}

const invocation = '/2015-03-31/functions/counting/invocations';
const jsonType = { 'content-type': 'application/x-amz-json-1.0' };
const listTables = { ...jsonType, 'x-amz-target': 'DynamoDB_20120810.ListTables' };
const listKeys = { ...jsonType, 'x-amz-target': 'TrentService.ListKeys' };

/** A new box each time, since it takes one answer. */
async function box(): Promise<Asking> {
  const { url } = started.use(await startAnswerBox());
  return { ...asking({ endpoint: url }), method: 'PUT', target: new URL(url).pathname };
}

const helpers: Readonly<Record<string, () => Promise<Asking>>> = {
  DynamoDB: async () => asking(dynamodb, listTables),
  KMS: async () => asking(kms, listKeys),
  Lambda: async () => ({ ...asking(lambda), target: invocation }),
  'the answer of a custom resource': box,
};

/** What makes a request one that must not be answered. */
const wrong: Readonly<Record<string, (asked: Asking) => RawRequest>> = {
  'without Host, in HTTP/1.0': ({ headers: { host: _, ...headers }, ...asked }) => ({
    ...asked,
    headers,
    version: '1.0',
  }),
  'with two of Host': (asked) => ({
    ...asked,
    headers: { ...asked.headers, host: [String(asked.headers.host), 'evil.example'] },
  }),
  'for another name in absolute form': (asked) => ({
    ...asked,
    target: `http://evil.example:${asked.port}${asked.target}`,
  }),
  'of a page elsewhere': (asked) => withHeaders(asked, { origin: 'http://evil.example' }),
  'of a page in a sandbox': (asked) => withHeaders(asked, { origin: 'null' }),
  'of a page of its own': (asked) =>
    withHeaders(asked, { origin: `http://127.0.0.1:${asked.port}` }),
  'of a page that sends no Origin': (asked) =>
    withHeaders(asked, { 'sec-fetch-site': 'cross-site' }),
  'that somebody follows or types': (asked) => withHeaders(asked, { 'sec-fetch-site': 'none' }),
  'that is simple, as a form sends it': (asked) =>
    withHeaders(asked, { origin: 'http://evil.example', 'content-type': 'text/plain' }),
  'that asks for a WebSocket': (asked) =>
    withHeaders(asked, {
      connection: 'upgrade, close',
      upgrade: 'websocket',
      origin: 'http://evil.example',
    }),
  'that waits for a 100': (asked) =>
    withHeaders(asked, { expect: '100-continue', origin: 'http://evil.example' }),
  'that is a preflight': (asked) => ({
    ...withHeaders(asked, {
      origin: 'http://evil.example',
      'access-control-request-method': String(asked.method),
      'access-control-request-headers': 'x-amz-target,authorization',
    }),
    method: 'OPTIONS',
  }),
};

const withHeaders = (asked: Asking, headers: Readonly<Record<string, string>>): RawRequest => ({
  ...asked,
  headers: { ...asked.headers, ...headers },
});

describe.for(Object.entries(helpers))('%s', ([, ask]) => {
  test.for(ownNames)('answers to %s, and no browser guesses of what type', async (name) => {
    const asked = await ask();
    const host = name.replace('PORT', String(asked.port));
    const { status, headers } = await sendRaw(asked.port, withHeaders(asked, { host }));
    expect(status).toBe(200);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.for(foreignNames)('refuses Host %s', async (name) => {
    const asked = await ask();
    const host = name.replace('PORT', String(asked.port));
    await refused(asked.port, withHeaders(asked, { host }));
  });

  test.for(Object.entries(wrong))('refuses a request %s', async ([, change]) => {
    const asked = await ask();
    await refused(asked.port, change(asked));
  });
});

async function refused(port: number, request: RawRequest): Promise<void> {
  const before = invocations.length;
  const { status, headers, body } = await sendRaw(port, request);
  expect([status, JSON.parse(body)]).toEqual([403, { message: expect.any(String) }]);
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(invocations).toHaveLength(before);
}

describe.for(['DynamoDB', 'KMS', 'Lambda'])('%s', (name) => {
  const half = accessKeyId.slice(0, 32);
  const keys: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'no access key': { authorization: '' },
    'another access key': naming(newAccessKeyId()),
    'the access key that stacks had before they had their own': naming('local'),
    'a part of the access key': naming(half),
    'an empty one': naming(''),
    'the access key as a bearer token': { authorization: `Bearer ${accessKeyId}` },
  };

  test.for(Object.entries(keys))('refuses a request with %s', async ([, headers]) => {
    const asked = await helpers[name]?.();
    if (!asked) throw new Error('no such helper');
    await refused(asked.port, withHeaders(asked, headers));
    const { authorization: _, ...without } = asked.headers;
    const target = `${asked.target}?X-Amz-Credential=${accessKeyId}/20250101/us-east-1/any/aws4_request`;
    await refused(asked.port, { ...asked, headers: without, target });
  });
});

test.for(['DynamoDB', 'KMS'])(
  '%s answers a target in absolute form that names it',
  async (name) => {
    const asked = await helpers[name]?.();
    if (!asked) throw new Error('no such helper');
    const target = `http://LOCALHOST:${asked.port}/`;
    expect(await sendRaw(asked.port, { ...asked, target })).toMatchObject({ status: 200 });
  },
);

test('the answer of a custom resource is refused at another path', async () => {
  const asked = await box();
  for (const target of ['/', `${asked.target}0`, asked.target.slice(0, -1), `${asked.target}?a`]) {
    await refused(asked.port, { ...asked, target });
  }
});

describe('an AWS client with an access key of its own', () => {
  const account = localAccount(newAccessKeyId());
  const refusal = {
    name: 'UnrecognizedClientException',
    message: 'the local stack has another access key',
    $metadata: expect.objectContaining({ httpStatusCode: 403, attempts: 1 }),
  };

  const held = <Client extends { destroy(): void }>(client: Client): Client => {
    started.defer(async () => client.destroy());
    return client;
  };

  test('of DynamoDB is refused, and one with the right key is not', async () => {
    const command = new ListTablesCommand({});
    const wrongly = held(new DynamoDBClient({ ...account, ...dynamodb }));
    await expect(wrongly.send(command)).rejects.toMatchObject(refusal);
    const rightly = held(new DynamoDBClient({ ...testAccount, ...dynamodb }));
    expect(await rightly.send(command)).toMatchObject({ TableNames: [] });
  });

  test('of KMS is refused, and one with the right key is not', async () => {
    const command = new ListKeysCommand({});
    const wrongly = held(new KMSClient({ ...account, ...kms }));
    await expect(wrongly.send(command)).rejects.toMatchObject(refusal);
    const rightly = held(new KMSClient({ ...testAccount, ...kms }));
    expect(await rightly.send(command)).toMatchObject({ Keys: [] });
  });

  test('of Lambda is refused, and one with the right key is not', async () => {
    const before = invocations.length;
    const command = new InvokeCommand({ FunctionName: 'counting' });
    const wrongly = held(new LambdaClient({ ...account, ...lambda }));
    await expect(wrongly.send(command)).rejects.toMatchObject(refusal);
    expect(invocations).toHaveLength(before);
    const rightly = held(new LambdaClient({ ...testAccount, ...lambda }));
    expect(await rightly.send(command)).toMatchObject({ StatusCode: 200 });
  });
});
