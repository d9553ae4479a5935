import { describe, expect, test } from 'vitest';
import { accessDecision } from '../../functions/authorizer/decision.ts';
import { parseHttpApiRequest } from '../../functions/authorizer/request.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import { asked, httpEvent } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

type Table = Readonly<Record<string, readonly string[]>>;
type Members = Readonly<Record<string, unknown>>;

const guarded: Table = {
  'GET /admin': ['admin'],
  'DELETE /files/{id}': ['files'],
  $default: ['read'],
};

/** Decides about the event of an HTTP API as an authorizer and a guard do. */
function decide(table: Table, scope: string, changes: Members, basePath = '') {
  const routes = parseRoutes(JSON.stringify(table));
  const { route } = parseHttpApiRequest(httpEvent('Bearer a.b.c', changes));
  return accessDecision({ routes, basePath })(route, new Set(scope.split(' ')));
}

/** The same for an authorizer that was not told where clients reach the API. */
function outcomeAnywhere(table: Table, scope: string, changes: Members) {
  const routes = parseRoutes(JSON.stringify(table));
  const { route } = parseHttpApiRequest(httpEvent('Bearer a.b.c', changes));
  return accessDecision({ routes, basePath: undefined })(route, new Set(scope.split(' '))).outcome;
}

const outcome = (...args: Parameters<typeof decide>) => decide(...args).outcome;

/** The same request at another place below the API's URL. */
const at = (
  changes: Members,
  prefix: string,
  stage = '$default',
  pathParameters = {},
): Members => ({
  ...changes,
  rawPath: `${prefix}${changes.rawPath}`,
  routeArn: undefined,
  pathParameters,
  requestContext: { ...(changes.requestContext as Members), stage },
});

describe('a request that a listed route would have taken needs its scope', () => {
  test.for(['$default', 'ANY /{proxy+}', 'GET /{proxy+}', 'GET /{name}', 'GET /admin'])(
    'I11: whatever route API Gateway chose: %s',
    async (routeKey) => {
      const { handler, bearer, log } = await testAuthorizer({ routes: guarded });
      const call = async (scope: string) =>
        handler(httpEvent(await bearer({ claims: { scope } }), asked('GET /admin', routeKey)));
      expect(await call('read')).toMatchObject({ isAuthorized: false });
      expect(await call('read admin')).toMatchObject({ isAuthorized: true });
      expect(log.map(({ outcome: decided }) => decided)).toEqual(['denied', 'allowed']);
    },
  );

  test('I09: the denial names all that is needed, and the log the route', async () => {
    const { handler, bearer, log } = await testAuthorizer({ routes: guarded });
    const event = httpEvent(await bearer(), asked('GET /admin', '$default'));
    expect(await handler(event)).toMatchObject({
      context: { wwwAuthenticate: 'Bearer error="insufficient_scope", scope="read admin"' },
    });
    expect(log).toMatchObject([
      { route: '$default', reason: 'insufficient scope for GET /admin, which it may be' },
    ]);
  });

  test.for<[scope: string, request: string]>([
    ['read', 'GET /other'],
    ['read', 'POST /admin'],
    ['read', 'GET /admin/users'],
    ['read', 'GET /files/7'],
    ['read', 'DELETE /files/'],
    ['read', 'DELETE /files/7/8'],
    ['read', 'GET /'],
    ['read files', 'DELETE /files/7'],
  ])('I11: "%s" is enough for %s', ([scope, request]) => {
    expect(outcome(guarded, scope, asked(request, '$default'))).toBe('allowed');
  });

  test.for<[table: Table, request: string, routeKey: string]>([
    [{ 'GET /orders/special': ['read'], 'GET /orders/{id}': ['x'] }, 'GET /orders/special', ''],
    [
      { 'GET /orders/special': ['x'], 'GET /orders/{id}': ['read'] },
      'GET /orders/7',
      'GET /orders/{id}',
    ],
    [{ 'GET /orders': ['read'], 'ANY /{proxy+}': ['x'], $default: ['x'] }, 'GET /orders', ''],
    [{ 'ANY /orders': ['read'], 'POST /orders': ['x'] }, 'GET /orders', 'ANY /orders'],
    [{ 'POST /orders': ['read'], 'ANY /orders': ['x'] }, 'POST /orders', ''],
    [{ 'GET /orders': ['read'], 'GET /orders/': ['x'] }, 'GET /orders', ''],
    [{ 'GET /a/{b}': ['read'], 'GET /a/{c}': ['x'] }, 'GET /a/1', 'GET /a/{b}'],
    [{ 'HEAD /orders': ['read'], 'GET /orders': ['x'] }, 'HEAD /orders', ''],
    [{ 'GET /constructor': ['read'], 'GET /{a}': ['x'] }, 'GET /constructor', ''],
  ])('I11: of %j the less specific does not count for %s', ([table, request, routeKey]) => {
    expect(outcome(table, 'read', asked(request, routeKey || request))).toBe('allowed');
  });

  test('I11: routes that are equally good count together', () => {
    const table = { 'GET /a/{b}': ['s'], 'GET /a/{c}': ['t'], $default: [] };
    expect(outcome(table, 's', asked('GET /a/1', '$default'))).toBe('denied');
    expect(outcome(table, 's t', asked('GET /a/1', '$default'))).toBe('allowed');
  });
});

describe('a path that a server may read otherwise needs the scope of each reading', () => {
  test.for([
    '/admin/',
    '//admin',
    '/./admin',
    '/x/../admin',
    '/../admin',
    '/adm%69n',
    '/adm%2569n',
    '/%u0061dmin',
    '/%uFF41dmin',
    '/%EF%BD%81dmin',
    '/\uFF41dmin',
    '/admin::$DATA',
    '/ admin',
    '/%20admin',
    '/admin/.json',
    '/%2e/admin',
    '/x%2F..%2fadmin',
    '/x/%2e%2E/admin',
    '/Admin',
    '/ADMIN/',
    '/admın',
    '/admin;a=b',
    '/;a/admin',
    '/x/..;/admin',
    '/x/..;a=b/admin;c',
    '\\admin',
    '/x\\..\\admin',
    '/x%5c..%5Cadmin',
    '/admin?x',
    '/admin%3fx',
    '/admin#x',
    '/admin\0.png',
    '/admin%00.png',
    '/ad\tmin',
    '/ad%0amin',
    '//example.com/admin',
    '/admin.',
    '/admin ',
    '/admin%20',
    '/admin.json',
    '/x/..//admin/.',
  ])('I11: %j', (path) => {
    for (const key of ['$default', 'ANY /{proxy+}']) {
      const changes = { ...asked(`GET ${path}`, key), pathParameters: { proxy: path.slice(1) } };
      expect(decide(guarded, 'read', changes)).toMatchObject({
        outcome: 'denied',
        needed: new Set(['read', 'admin']),
      });
      expect(outcome(guarded, 'read admin', changes)).toBe('allowed');
    }
  });

  test.for(['HEAD', 'get', 'Get', 'head'])('I11: the method %s', (method) => {
    expect(outcome(guarded, 'read', asked(`${method} /admin`, '$default'))).toBe('denied');
  });

  test('I11: HEAD may be GET, of a route that is more specific than that of HEAD', () => {
    const open = { 'GET /admin': [], 'ANY /{proxy+}': ['s'], $default: [] };
    expect(outcome(open, 'read', asked('HEAD /admin', '$default'))).toBe('denied');
    const closed = { 'GET /admin': ['s'], 'ANY /{proxy+}': [], $default: [] };
    expect(outcome(closed, 'read', asked('HEAD /admin', 'ANY /{proxy+}'))).toBe('denied');
    const told = { 'GET /admin': ['s'], 'ANY /admin': [] };
    expect(outcome(told, 'read', asked('HEAD /admin', 'ANY /admin'))).toBe('allowed');
  });

  test('I11: a method that is none of API Gateway needs the scope of ANY', () => {
    const table = { 'ANY /admin': ['admin'], 'GET /admin': [], $default: ['read'] };
    expect(outcome(table, 'read', asked('PROPFIND /admin', '$default'))).toBe('denied');
    expect(outcome(table, 'read admin', asked('PROPFIND /admin', '$default'))).toBe('allowed');
  });

  test('I11: a slash more is within a greedy route', () => {
    const table = { 'ANY /admin/{proxy+}': ['admin'], $default: ['read'] };
    expect(outcome(table, 'read', asked('GET /admin/', '$default'))).toBe('denied');
    expect(outcome(table, 'read', asked('GET /admin', '$default'))).toBe('allowed');
  });

  test.for([
    ['escaped again and again', `/%${'25'.repeat(200)}61`],
    ['of many steps', `/${Array.from({ length: 60 }, () => '..;a').join('/%2e')}`],
    ['long, of some steps', `/${'a'.repeat(9000)};b//c/./d.e`],
    ['long, of many steps', `/${'a;/..%2f'.repeat(1000)}`],
  ] as const)('I14: one that is %s has too many readings, and is refused', ([, path]) => {
    expect(decide(guarded, 'read admin files', asked(`GET ${path}`, '$default'))).toMatchObject({
      outcome: 'denied',
      reason: 'the path may be read in too many ways',
    });
  });

  test.for([
    '/a%20b',
    '/caf%C3%A9',
    '/café',
    '/v1.2.3/report.tar.gz',
    '/a;b=c/d;e',
    '/100%',
    `/${'a'.repeat(9000)}`,
    `/${'a'.repeat(9000)}.json`,
    '/%zz',
    '/~user/-_.',
    '/orders/2024-01-01T00:00:00Z@x',
  ])('I11: one that matches nothing else needs no more: %s', (path) => {
    expect(outcome(guarded, 'read', asked(`GET ${path}`, '$default'))).toBe('allowed');
  });
});

describe('where the API begins in the path', () => {
  test.for<[string, Members, string?]>([
    ['a stage', at(asked('GET /admin', '$default'), '/prod', 'prod')],
    ['a base path', at(asked('GET /admin', '$default'), '/v1/shop'), '/v1/shop'],
    ['a stage below a base path', at(asked('GET /admin', '$default'), '/v1/prod', 'prod'), '/v1'],
    ['a base path below a stage', at(asked('GET /admin', '$default'), '/prod/v1', 'prod'), '/v1'],
    [
      'a base path that only the parameters tell',
      at(asked('GET /admin', 'ANY /{proxy+}'), '/v1', undefined, { proxy: 'admin' }),
    ],
    [
      'a base path before what is decoded in the parameters alone',
      at(asked('GET /adm%69n', 'ANY /{proxy+}'), '/v1', undefined, { proxy: 'admin' }),
    ],
    [
      'a base path that only the ARN tells',
      { ...asked('GET /admin', '$default'), rawPath: '/v1/admin' },
    ],
  ])('I11: %s does not hide a listed route', ([, changes, basePath]) => {
    expect(outcome(guarded, 'read', changes, basePath)).toBe('denied');
    expect(outcome(guarded, 'read admin', changes, basePath)).toBe('allowed');
  });

  test.for(['/v1', '/v1/shop', '/a/b/c/d'])(
    'I11: a base path that nobody tells does not hide one at a domain of the owner: %s',
    (prefix) => {
      const there = at(asked('GET /admin', '$default'), prefix);
      const context = { ...(there.requestContext as Members), domainName: 'api.example.com' };
      const event = { ...there, requestContext: context };
      expect(outcomeAnywhere(guarded, 'read', event)).toBe('denied');
      expect(outcomeAnywhere(guarded, 'read admin', event)).toBe('allowed');
      const spelt = { ...event, rawPath: `${prefix}/x/..;/Admin/` };
      expect(outcomeAnywhere(guarded, 'read', spelt)).toBe('denied');
    },
  );

  test("I11: API Gateway's own domain has no base path", () => {
    const there = at(asked('GET /admin', '$default'), '/users');
    const domainName = 'abc123.execute-api.eu-west-1.amazonaws.com';
    const context = { ...(there.requestContext as Members), domainName };
    expect(outcomeAnywhere(guarded, 'read', { ...there, requestContext: context })).toBe('allowed');
  });

  test.for<[string, Members, string?]>([
    ['a stage', at(asked('GET /orders'), '/prod', 'prod')],
    ['a base path', at(asked('GET /orders'), '/v1')],
    ['the root', at(asked('GET /'), '')],
    ['the root of a stage', { ...at(asked('GET /'), '', 'prod'), rawPath: '/prod' }],
    ['the root of a base path', { ...at(asked('GET /'), ''), rawPath: '/v1' }],
    ['a parameter', at(asked('GET /orders/7', 'GET /orders/{id}'), '/prod', 'prod', { id: '7' })],
  ])('I11: %s is not taken for a part of the route', ([, changes, basePath]) => {
    const table = {
      'GET /': ['read'],
      'GET /orders': ['read'],
      'GET /orders/{id}': ['read'],
      'GET /{a}/{b}': ['x'],
      'ANY /{proxy+}': ['x'],
    };
    expect(outcome(table, 'read', changes, basePath)).toBe('allowed');
  });
});
