import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dynamodbReplayGuard } from '../../functions/aws/dynamodb-replay-guard.ts';
import { sdkSettings } from '../../functions/aws/sdk-settings.ts';
import { testAccount } from '../support/test-account.ts';
import { stoppedAt } from '../support/token-endpoint.ts';

/** DynamoDB that stores an item, loses the answer, and refuses the same write when it comes again. */
async function forgetfulDynamodb(storedBy: (used_by: unknown) => unknown) {
  let attempts = 0;
  const server = createServer(async (request, response) => {
    const { Item } = (await readJson(request)) as { Item: Record<string, unknown> };
    attempts += 1;
    if (attempts === 1) return void request.socket.destroy();
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        Item: { ...Item, used_by: storedBy(Item.used_by) },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const dynamodb = new DynamoDBClient({ ...testAccount, ...sdkSettings, endpoint });
  onTestFinished(() => dynamodb.destroy());
  return {
    guard: dynamodbReplayGuard(dynamodb, 'ephemera', () => stoppedAt),
    attempts: () => attempts,
  };
}

describe('RFC 7523 §3 (7) single use', () => {
  test('B08: a use whose answer was lost is still the first', async () => {
    const { guard, attempts } = await forgetfulDynamodb((used_by) => used_by);
    expect(await guard.firstUse('a', stoppedAt + 60)).toBeTypeOf('function');
    expect(attempts()).toBe(2);
  });

  test('B08: where somebody else was first, it is not', async () => {
    const { guard } = await forgetfulDynamodb(() => ({ S: 'somebody else' }));
    expect(await guard.firstUse('a', stoppedAt + 60)).toBeUndefined();
  });
});
