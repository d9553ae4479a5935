import { expect, test } from 'vitest';
import { handler } from '../../functions/demo-api/index.ts';

type DemoApiEvent = Parameters<typeof handler>[0];

// Only what the function reads; API Gateway sends more.
const event = (lambda: Readonly<Record<string, string>> | undefined): DemoApiEvent =>
  ({ routeKey: 'GET /', requestContext: { authorizer: lambda && { lambda } } }) as DemoApiEvent;

test('I15: answers with what the authorizer told it', async () => {
  const { statusCode, headers, body } = await handler(
    event({ client_id: 's6BhdRkqt3', scope: 'read' }),
  );
  expect({ statusCode, headers, body: JSON.parse(body ?? '') }).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: {
      message: 'GET /: the authorizer let you in',
      client_id: 's6BhdRkqt3',
      scope: 'read',
    },
  });
});

test.for([[undefined], [{ client_id: '' }]])(
  'I14: with no authorizer in front it lets nobody in: %j',
  async ([context]) => {
    expect(await handler(event(context))).toMatchObject({
      statusCode: 500,
      body: '{"message":"no authorizer has seen this request"}',
    });
  },
);
