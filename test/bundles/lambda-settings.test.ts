import { Readable } from 'node:stream';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { lambdaSettings } from '../../functions/aws/lambda-settings.ts';
import { sdkSettings } from '../../functions/aws/sdk-settings.ts';

const client = () => new DynamoDBClient({ ...sdkSettings, ...lambdaSettings('DYNAMODB') });
const hostname = async () => (await client().config.endpoint?.())?.hostname;

describe('an SDK client with the settings of a function', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_REGION', 'cn-north-1');
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  test('cannot be made without a region', () => {
    vi.stubEnv('AWS_REGION', undefined);
    expect(client).toThrow('the environment variable AWS_REGION is missing');
  });

  test('finds its service by the region', async () => {
    const { config } = client();
    expect(await config.region()).toBe('cn-north-1');
    expect(config.endpointProvider({ Region: 'cn-north-1' }).url.hostname).toBe(
      'dynamodb.cn-north-1.amazonaws.com.cn',
    );
    expect(await hostname()).toBeUndefined();
  });

  test('finds one that is elsewhere by the variables that AWS has for it', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://all.example.com');
    expect(await hostname()).toBe('all.example.com');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://dynamodb.example.com');
    expect(await hostname()).toBe('dynamodb.example.com');
  });

  test.for([
    ['true', true],
    [undefined, false],
  ] as const)('asks FIPS endpoints where AWS_USE_FIPS_ENDPOINT is %s', async ([value, asked]) => {
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', value);
    expect(await client().config.useFipsEndpoint()).toBe(asked);
  });

  test('reads an answer whole, or fails', async () => {
    const { streamCollector } = client().config;
    const chunks = [Buffer.from('{"Item"'), Buffer.from(':{}}')];
    expect(String(await streamCollector(Readable.from(chunks)))).toBe('{"Item":{}}');
    const broken = new Readable({ read: () => broken.destroy() });
    await expect(streamCollector(broken)).rejects.toThrow('Premature close');
  });

  test('does not wait for a body that does not come, and asks once more', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const bodies = [hanging(), Readable.from([Buffer.from('{"Item":{"pk":{"S":"a"}}}')])];
    const dynamodb = answering(async () => ({
      statusCode: 200,
      headers: {},
      body: bodies.shift(),
    }));
    const command = new GetItemCommand({ TableName: 'registry', Key: { pk: { S: 'a' } } });
    const answered = dynamodb.send(command);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await answered).toMatchObject({ Item: { pk: { S: 'a' } }, $metadata: { attempts: 2 } });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('copies nothing of a call for a log', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'a-token');
    const timesRead = async (settings: object): Promise<number> => {
      const read = vi.fn(() => 'registry');
      const dynamodb = answering(
        async () => ({ statusCode: 200, headers: {}, body: Readable.from([]) }),
        settings,
      );
      const input = { Key: { pk: { S: 'a' } } };
      const TableName = { enumerable: true, get: read };
      await dynamodb.send(
        new GetItemCommand(Object.defineProperties(input, { TableName }) as never),
      );
      return read.mock.calls.length;
    };
    vi.spyOn(console, 'info').mockImplementation(() => undefined);
    expect(await timesRead({})).toBeLessThan(await timesRead({ logger: console }));
  });

  test('fails without credentials when it needs them, and finds them when they are there', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
    const { credentials } = client().config;
    await expect(credentials()).rejects.toThrow('AWS_ACCESS_KEY_ID is missing');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SESSION_TOKEN', 'a-token');
    expect(await credentials()).toMatchObject({
      accessKeyId: 'AKIDEXAMPLE',
      sessionToken: 'a-token',
    });
  });

  test('gives each of 64 calls at the same time its own answer, and signs them with what the role has by then', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a-secret');
    const { dynamodb, heard } = echoing();
    const round = async (accessKeyId: string) => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
      const ids = Array.from({ length: 64 }, (_, count) => `${accessKeyId}-${count}`);
      const answered = await Promise.all(
        ids.map(async (S) => {
          const command = new GetItemCommand({ TableName: 'registry', Key: { pk: { S } } });
          return (await dynamodb.send(command)).Item?.pk?.S;
        }),
      );
      expect(answered).toEqual(ids);
      return heard.splice(0);
    };
    for (const accessKeyId of ['AKIDBEFORE', 'AKIDAFTER']) {
      const credentials = new Set(await round(accessKeyId));
      expect([...credentials]).toEqual([expect.stringContaining(`Credential=${accessKeyId}/`)]);
    }
  });
});

/** A body of which the beginning comes, and no more. */
function hanging(): Readable {
  const body = new Readable({ read: () => undefined });
  body.push('{"Item"');
  return body;
}

interface Request {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** A client whose calls are answered so. */
function answering(
  answer: (request: Request) => Promise<object>,
  settings: object = {},
): DynamoDBClient {
  const handle = async (request: Request) => ({ response: await answer(request) });
  const requestHandler = { handle, metadata: { handlerProtocol: 'http/1.1' } };
  return new DynamoDBClient({
    ...sdkSettings,
    ...lambdaSettings('DYNAMODB'),
    requestHandler: requestHandler as never,
    ...settings,
  });
}

/** A client whose calls are answered with the key that they ask for, the later the sooner, and how they were signed. */
function echoing() {
  const heard: (string | undefined)[] = [];
  let waiting: (() => void)[] = [];
  const dynamodb = answering(async ({ headers, body }) => {
    heard.push(headers.authorization?.split(',')[0]);
    await new Promise<void>((resolve) => {
      waiting.unshift(resolve);
      if (waiting.length < 64) return;
      for (const answer of waiting) answer();
      waiting = [];
    });
    const { Key: Item } = JSON.parse(new TextDecoder().decode(body));
    return { statusCode: 200, headers: {}, body: Buffer.from(JSON.stringify({ Item })) };
  });
  return { dynamodb, heard };
}
