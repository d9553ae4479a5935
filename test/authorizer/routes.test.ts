import { describe, expect, test } from 'vitest';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import { asked, httpEvent, restEvent } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

const parse = (table: unknown) => parseRoutes(JSON.stringify(table));

describe('the routes of the configuration', () => {
  test.for([
    '$default',
    'GET /',
    'GET /orders',
    'GET /orders/',
    'GET /orders/{id}',
    'GET /orders/{order-id}/items/{item.id}',
    'ANY /files/{proxy+}',
    'DELETE /a.b/c~d/e_f/g-h/i:j/@k',
    'HEAD /{proxy+}',
  ])('I11: the route key "%s" is read', (key) => {
    expect(parse({ [key]: ['read'] })).toEqual(new Map([[key, new Set(['read'])]]));
  });

  test.for([
    '',
    '$connect',
    'GET',
    'GET ',
    'GET orders',
    'get /orders',
    'FETCH /orders',
    '* /orders',
    'GET  /orders',
    ' GET /orders',
    'GET /orders ',
    'GET /orders\n',
    'GET /orders//items',
    'GET /orders/*',
    'GET /orders/?',
    'GET /orders?page=2',
    'GET /orders/{id',
    'GET /orders/id}',
    'GET /orders/{}',
    'GET /orders/{+}',
    'GET /orders/v{id}',
    'GET /{proxy+}/items',
    'GET /orders/..',
    'GET /./orders',
    'GET /caf%C3%A9',
    'GET /café',
    '__proto__',
  ])('I11: the route key "%s" is refused at the cold start', (key) => {
    const text = `{${JSON.stringify(key)}:["read"]}`;
    expect(() => parseRoutes(text)).toThrow(`the route key "${key}" is malformed`);
  });

  test.for<[string, string, RegExp]>([
    ['no JSON', '{', /^the routes are not JSON$/],
    ['a list', '[]', /^the routes are not a JSON object of route keys$/],
    ['null', 'null', /^the routes are not a JSON object of route keys$/],
    ['a text', '"GET /"', /^the routes are not a JSON object of route keys$/],
    ['an empty object', '{}', /^the routes are empty/],
    ['a scope that is a text', '{"GET /":"read"}', /^the scope of "GET \/" is not a list/],
    ['a scope that is null', '{"GET /":null}', /^the scope of "GET \/" is not a list/],
    ['a scope-token that is a number', '{"GET /":[7]}', /contains 7, no scope-token$/],
    ['an empty scope-token', '{"GET /":[""]}', /contains "", no scope-token$/],
    ['two scope-tokens in one', '{"GET /":["a b"]}', /contains "a b", no scope-token$/],
    ['a quote in a scope-token', '{"GET /":["a\\"b"]}', /contains "a\\"b", no scope-token$/],
    ['a letter outside ASCII', '{"GET /":["é"]}', /contains "é", no scope-token$/],
    ['a route twice', '{"GET /a":["x"],"GET /a":[]}', /^a route is listed twice$/],
    ['a route twice, escaped', '{"GET /a":["x"],"GET \\u002fa" :[]}', /^a route is listed twice$/],
  ])('I11: %s is refused at the cold start', ([, text, message]) => {
    expect(() => parseRoutes(text)).toThrow(message);
  });

  test('I11: colons in routes and scope-tokens are no second route', () => {
    const text = ' { "GET /a:b" : [ "a:b", ":" , "c" ] , "GET /\\u0061" : [ ] } ';
    expect([...parseRoutes(text).keys()]).toEqual(['GET /a:b', 'GET /a']);
  });
});

/** A request for which API Gateway may choose this route. */
const requestAt = (route: string) =>
  route === '$default'
    ? 'GET /elsewhere'
    : route.replace('ANY', 'PATCH').replace('{id}', '7').replace('{proxy+}', 'a/b');

describe('the scope of a route', () => {
  const routes = {
    'GET /orders/{id}': ['read', 'orders'],
    'ANY /orders/{id}': ['admin'],
    'ANY /files/{proxy+}': ['files'],
    'GET /open': [],
    $default: ['other'],
  };

  test.for<[scope: string | undefined, route: string, isAuthorized: boolean]>([
    ['read orders', 'GET /orders/{id}', true],
    ['orders more read', 'GET /orders/{id}', true],
    ['read', 'GET /orders/{id}', false],
    ['orders', 'GET /orders/{id}', false],
    ['reader orders', 'GET /orders/{id}', false],
    ['rea orders', 'GET /orders/{id}', false],
    ['Read orders', 'GET /orders/{id}', false],
    ['read:all orders', 'GET /orders/{id}', false],
    ['admin', 'GET /orders/{id}', false],
    [undefined, 'GET /orders/{id}', false],
    ['admin', 'POST /orders/{id}', true],
    ['admin', 'ANY /orders/{id}', true],
    ['read orders', 'POST /orders/{id}', false],
    ['files', 'PUT /files/{proxy+}', true],
    ['files', 'ANY /files/{proxy+}', true],
    [undefined, 'GET /open', true],
    ['other', 'POST /open', true],
    [undefined, 'POST /open', false],
    ['other', '$default', true],
    ['read orders admin files', '$default', false],
    ['other', 'GET /nowhere', true],
    // An unlisted route is the one of the table that its requests match.
    ['other', 'GET /orders/7', false],
    ['read orders', 'GET /orders/7', false],
    ['other read orders', 'GET /orders/7', true],
  ])('I11: scope "%s" on %s: %s', async ([scope, route, isAuthorized]) => {
    const { handler, bearer } = await testAuthorizer({ routes });
    const event = httpEvent(await bearer({ claims: { scope } }), asked(requestAt(route), route));
    expect(await handler(event)).toMatchObject({ isAuthorized });
  });

  test("I11: a path that the client wrote takes nothing from API Gateway's route", async () => {
    const { handler, bearer } = await testAuthorizer({
      routes: { 'GET /open': [], 'GET /admin': ['admin'] },
    });
    const event = httpEvent(await bearer(), {
      routeKey: 'GET /admin',
      rawPath: '/open',
      requestContext: { http: { method: 'GET', path: '/open' }, routeKey: 'GET /open' },
    });
    expect(await handler(event)).toMatchObject({ isAuthorized: false });
  });

  test("I11: an ANY route of whose path single methods are listed is nobody's", async () => {
    const { handler, bearer } = await testAuthorizer({
      routes: { 'GET /open': ['a'], $default: [] },
    });
    for (const [routeKey, isAuthorized] of [
      ['ANY /open', false],
      ['ANY /other', true],
      ['GET /open', false],
    ] as const) {
      const event = httpEvent(await bearer(), { routeKey });
      expect(await handler(event)).toMatchObject({ isAuthorized });
    }
  });

  test.for([
    ['without scope', undefined],
    ['of earlier versions, with the empty scope,', ''],
  ] as const)('I11: a token %s opens what needs none, and nothing else', async ([, scope]) => {
    const { handler, bearer } = await testAuthorizer({
      routes: { 'GET /open': [], 'GET /a': ['a'] },
    });
    const Authorization = await bearer({ claims: { scope } });
    for (const [routeKey, isAuthorized] of [
      ['GET /open', true],
      ['GET /a', false],
    ] as const) {
      expect(await handler(httpEvent(Authorization, { routeKey }))).toMatchObject({
        isAuthorized,
        context: { scope: '' },
      });
    }
  });

  test.for(['GET /nowhere', '$default', 'GET /orders/7', '', '__proto__', 'constructor'])(
    'I14: without $default, the route "%s" is refused',
    async (routeKey) => {
      const { handler, bearer, log } = await testAuthorizer({ routes: { 'GET /orders/{id}': [] } });
      const answered = await handler(httpEvent(await bearer(), { routeKey }));
      expect(answered).toMatchObject({ isAuthorized: false });
      expect(log).toMatchObject([{ outcome: 'denied', reason: 'the route is not configured' }]);
    },
  );

  test('I11: the audit says which route of a REST API was denied, and for what', async () => {
    const { handler, bearer, log } = await testAuthorizer({ routes });
    await handler(restEvent(await bearer()));
    expect(log).toMatchObject([
      { outcome: 'denied', route: 'GET /orders/{id}', reason: 'insufficient scope' },
    ]);
  });
});
