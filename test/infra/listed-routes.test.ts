import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRoutes, type Routes, requiredScope } from '../../functions/authorizer/routes.ts';
import { misplacedRoutes } from '../../infra/authorizer/checks/misplaced-routes.ts';

const methods = ['GET', 'POST', 'ANY'];
const paths = [
  '/',
  '/a',
  '/b',
  '/{x}',
  '/{p+}',
  '/a/b',
  '/a/{x}',
  '/a/{p+}',
  '/{x}/b',
  '/a/b/{p+}',
];
const keys = [...methods.flatMap((method) => paths.map((path) => `${method} ${path}`)), '$default'];

const called = ['/', '/a', '/b', '/c', '/a/b', '/a/c', '/c/b', '/a/b/c', '/c/c/c'];
const requests = ['GET', 'POST', 'PUT'].flatMap((method) =>
  called.map((path) => `${method} ${path}`),
);

function takes(key: string, request: string): boolean {
  const pattern = key
    .replace(/\{x\}/, '[^/]+')
    .replace(/\{p\+\}/, '.+')
    .replace(/^ANY/, '[A-Z]+');
  return key === '$default' || new RegExp(`^${pattern}$`).test(request);
}

/** API Gateway's choice: a text before a parameter before a greedy one, then the method, and `$default` last. */
const chosen = (among: readonly string[], request: string): string | undefined =>
  among
    .filter((key) => takes(key, request))
    .sort((one, other) => (rank(one) < rank(other) ? -1 : 1))[0];

const rank = (key: string): string => {
  const [method, path = '/$'] = key.split(' ');
  const segments = path.split('/').slice(1);
  const ranks = segments.map((text) => ['text', '{x}', '{p+}', '$'].indexOf(text));
  return `${ranks.map((place) => Math.max(place, 0)).join('')}${Number(method === 'ANY')}`;
};

/** What is listed, and routes that may have to do with it. */
const apis = fc
  .dictionary(fc.constantFrom(...keys), fc.subarray(['read', 'admin']), { minKeys: 1, maxKeys: 4 })
  .chain((listed) => {
    const likely = Object.keys(listed).flatMap((key) => [key, key.replace('ANY', 'GET')]);
    const served = fc.subarray([...new Set([...likely, '$default', 'ANY /{p+}', 'GET /a/b'])]);
    return fc.record({ listed: fc.constant(listed), served });
  });

function problemsOf(routes: Routes, served: readonly string[]): readonly string[] {
  const route = { kind: 'HTTP', api: 'api', ways: ['ours'], target: '' } as const;
  return misplacedRoutes({
    routes,
    by: 'authorizer',
    served: served.map((key) => ({ ...route, path: key, key })),
    isGuarded: () => true,
    isGuardedElsewhere: () => false,
    apiPath: (api) => api,
  });
}

describe('I11: what synthesis lets pass', () => {
  test('lets in no request with less than the narrowest listed route asks for', () => {
    fc.assert(
      fc.property(apis, fc.constantFrom(...requests), ({ listed, served }, request) => {
        const routes = parseRoutes(JSON.stringify(listed));
        fc.pre(problemsOf(routes, served).length === 0);
        const route = chosen(served, request);
        const needed = route === undefined ? undefined : requiredScope(route, routes);
        fc.pre(needed !== undefined);
        const names = [...routes.keys()].filter((key) => key !== '$default');
        const asked = routes.get(chosen(names, request) ?? '') ?? new Set();
        expect([...asked].filter((scope) => !needed?.has(scope))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
