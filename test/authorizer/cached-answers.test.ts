import { describe, expect, test } from 'vitest';
import { createAuthorizer } from '../../local/gateway/authorizer.ts';
import type { HttpEvent } from '../../local/gateway/event.ts';
import { asked, httpEvent } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

describe('an HTTP API that caches answers', () => {
  test('I11: an answer for one path of a route is none for another', async () => {
    const routes = { 'GET /admin': ['admin'], $default: ['read'] };
    const { handler, bearer, clock } = await testAuthorizer({ routes });
    const gateway = createAuthorizer({
      identitySources: [
        '$request.header.Authorization',
        '$context.routeKey',
        '$context.httpMethod',
        '$context.path',
      ],
      resultTtl: 60,
      invoke: async (event) => ({ payload: await handler(event) }),
      now: () => clock.now,
    });
    const authorization = await bearer();
    // The gateway reads no other members than those of the event here.
    const call = (request: string, routeKey: string) =>
      gateway(httpEvent(authorization, asked(request, routeKey)) as HttpEvent);
    for (const routeKey of ['$default', 'ANY /{proxy+}']) {
      expect(await call('GET /public', routeKey)).toMatchObject({ scope: 'read' });
      await expect(call('GET /admin', routeKey)).rejects.toThrow(/^Forbidden$/);
      expect(await call('POST /admin', routeKey)).toMatchObject({ scope: 'read' });
      await expect(call('GET /admin', routeKey)).rejects.toThrow(/^Forbidden$/);
    }
  });
});
