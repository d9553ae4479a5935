import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessDecision, type Decide } from '../../functions/authorizer/decision.ts';
import { parseHttpApiRequest } from '../../functions/authorizer/request.ts';
import { parseRoutes, requiredScope } from '../../functions/authorizer/routes.ts';
import { matchRoute } from '../../local/gateway/route.ts';
import { asked, httpEvent } from './events.ts';

type Table = Readonly<Record<string, readonly string[]>>;

const scope = fc.subarray(['s', 't', 'u']);
const method = fc.constantFrom('GET', 'POST', 'HEAD', 'PATCH');
const segments = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 });
const path = segments.map((all) => `/${all.join('/')}`);
const routePath = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '{x}'), { maxLength: 3 }), fc.boolean())
  .map(([all, endless]) => [...all, ...(endless ? ['{proxy+}'] : [])])
  .map((all) => `/${all.map((segment, at) => segment.replace('x', `x${at}`)).join('/')}`);
const routeKey = fc
  .tuple(fc.constantFrom('GET', 'POST', 'HEAD', 'ANY'), routePath)
  .map((parts) => parts.join(' '));
const keys = fc.uniqueArray(fc.oneof(routeKey, fc.constant('$default')), { maxLength: 6 });
const table = fc
  .tuple(
    fc.uniqueArray(fc.tuple(routeKey, scope), { selector: ([key]) => key, maxLength: 6 }),
    scope,
  )
  .map(([rows, fallback]): Table => Object.fromEntries([...rows, ['$default', fallback]]));
const stage = fc.constantFrom('$default', 'a', 'prod');

/** What an HTTP API with these routes makes of a request; its own choice is that of the local gateway. */
function chosenBy(routeKeys: readonly string[], called: string, requested: string) {
  const routes = routeKeys.map((key) => ({
    key,
    invoke: () => Promise.reject(new Error('it is not called')),
    integrationTimeout: 1,
    throttle: undefined,
    authorizer: undefined,
  }));
  return matchRoute(routes, { method: called, path: requested });
}

/** Whether a decision lets in a request that API Gateway gave to one of its routes. */
function letsIn(decide: Decide, event: Readonly<Record<string, unknown>>, has: readonly string[]) {
  const { route } = parseHttpApiRequest(httpEvent('Bearer a.b.c', event));
  return decide(route, new Set(has)).outcome === 'allowed';
}

const decisionFor = (routes: Table) =>
  accessDecision({ routes: parseRoutes(JSON.stringify(routes)), basePath: '' });

const staged = (event: Readonly<Record<string, unknown>>, name: string, pathParameters = {}) => ({
  ...event,
  routeArn: undefined,
  pathParameters,
  rawPath: name === '$default' ? event.rawPath : `/${name}${event.rawPath}`,
  requestContext: { ...(event.requestContext as object), stage: name },
});

const isWithin = (needed: readonly string[] | undefined, has: readonly string[]) =>
  needed?.every((token) => has.includes(token)) ?? false;

/** Ways to write a path that servers may take for the same one. */
const disguises: readonly ((plain: string) => string)[] = [
  (plain) => plain,
  (plain) => `${plain}/`,
  (plain) => plain.replaceAll('/', '//'),
  (plain) => plain.replaceAll('/', '/./'),
  (plain) => `/x/..${plain}`,
  (plain) => plain.replaceAll('a', '%61').replaceAll('b', '%2562'),
  (plain) => plain.toUpperCase(),
  (plain) => plain.replaceAll('/', '\\'),
  (plain) => plain.replace(/(?<=[a-c])(?=\/|$)/g, ';v=1'),
  (plain) => `//host${plain}`,
  (plain) => `${plain}?x`,
  (plain) => `${plain}%00`,
];
const disguise = fc.tuple(fc.constantFrom(...disguises), fc.constantFrom(...disguises)).map(
  ([one, other]) =>
    (plain: string) =>
      one(other(plain)),
);

describe('random tables of an HTTP API', () => {
  test('I11: nobody is let in without the scope of the best listed match, whatever the API knows', () => {
    let letIn = 0;
    const request = fc.tuple(method, path, stage);
    const property = fc.property(
      table,
      keys,
      scope,
      request,
      (routes, api, has, [called, asks, name]) => {
        const match = chosenBy(api, called, asks);
        fc.pre(match !== undefined);
        const { route, pathParameters } = match ?? { route: { key: '' }, pathParameters: {} };
        const event = staged(asked(`${called} ${asks}`, route.key), name, pathParameters);
        if (!letsIn(decisionFor(routes), event, has)) return;
        letIn += 1;
        const best = chosenBy(Object.keys(routes), called, asks)?.route.key ?? '$default';
        expect(isWithin(routes[best], has)).toBe(true);
        const own = requiredScope(route.key, parseRoutes(JSON.stringify(routes)));
        expect(isWithin(own && [...own], has)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 5000 });
    expect(letIn).toBeGreaterThan(500);
  });

  test('I11: an API that has the routes of the table asks for the scope of each, and no more', () => {
    let letIn = 0;
    const request = fc.tuple(method, path, fc.constantFrom('$default', 'prod'));
    const property = fc.property(table, scope, request, (routes, has, [called, asks, name]) => {
      const match = chosenBy(Object.keys(routes), called, asks);
      const { route, pathParameters } = match ?? { route: { key: '' }, pathParameters: {} };
      // A server answers HEAD as GET: where the table has no HEAD, that is another listed route.
      fc.pre(called !== 'HEAD' && route.key !== '$default');
      const event = staged(asked(`${called} ${asks}`, route.key), name, pathParameters);
      const isLetIn = letsIn(decisionFor(routes), event, has);
      expect(isLetIn).toBe(isWithin(routes[route.key], has));
      letIn += Number(isLetIn);
    });
    fc.assert(property, { numRuns: 5000 });
    expect(letIn).toBeGreaterThan(500);
  });

  test('I11: no way to write a path hides the route that it is for', () => {
    let letIn = 0;
    const everything = fc.constantFrom('$default', 'ANY /{proxy+}');
    const request = fc.tuple(fc.constantFrom('GET', 'POST'), path, disguise, everything);
    const property = fc.property(
      table,
      scope,
      request,
      (routes, has, [called, asks, write, key]) => {
        const written = write(asks);
        const event = asked(`${called} ${written}`, key);
        const pathParameters = { proxy: written.slice(1) };
        if (!letsIn(decisionFor(routes), { ...event, pathParameters }, has)) return;
        letIn += 1;
        const best = chosenBy(Object.keys(routes), called, asks)?.route.key ?? '$default';
        // What is of no listed route needs the scope of $default where API Gateway chose that.
        if (best === '$default') return;
        expect(isWithin(routes[best], has)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 5000 });
    expect(letIn).toBeGreaterThan(500);
  });
});
