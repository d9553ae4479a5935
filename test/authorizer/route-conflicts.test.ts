import { describe, expect, test } from 'vitest';
import { conflictingRoutes, parseRoutes } from '../../functions/authorizer/routes.ts';

type Table = Readonly<Record<string, readonly string[]>>;

const parse = (table: Table) => parseRoutes(JSON.stringify(table));

describe('routes that a policy cannot tell apart', () => {
  test.for<[string, Table]>([
    ['routes that share nothing', { 'GET /a': ['a'], 'GET /b': ['b'], 'POST /a': ['c'] }],
    [
      'a narrower route that needs more',
      { 'GET /orders/{id}': ['read'], 'GET /orders/{id}/items': ['read', 'items'] },
    ],
    [
      'a literal that needs more',
      { 'GET /orders/{id}': ['read'], 'GET /orders/special': ['read', 'x'] },
    ],
    ['a method that needs more than ANY', { 'ANY /a': ['a'], 'POST /a': ['a', 'b'] }],
    [
      'everything that needs more than $default',
      { $default: ['a'], 'GET /a': ['a', 'b'], 'GET /b/{c}': ['a', 'c'] },
    ],
    [
      'a greedy route below a greedy route',
      { 'ANY /{proxy+}': ['a'], 'ANY /b/{proxy+}': ['a', 'b'] },
    ],
    ['ANY of a path that ends alike', { 'ANY /x': ['x'], 'GET /a/x': ['a'] }],
    ['greedy below a parameter', { 'GET /a/{proxy+}': ['a'], 'GET /a/{b}/{proxy+}': ['a', 'b'] }],
    [
      'the same scope throughout',
      { 'GET /a/{b}': ['x'], 'GET /{a}/b': ['x'], 'GET /{proxy+}': ['x'], $default: ['x'] },
    ],
    ['no scope at all', { 'GET /a/{b}': [], 'GET /{a}/b': [], $default: [] }],
    ['parameters in the midst', { 'GET /a/{x}/c': ['a'], 'GET /a/{x}/d': ['b'] }],
  ])('I16: %s: none', ([, table]) => {
    expect(conflictingRoutes(parse(table))).toEqual([]);
  });

  test.for<[string, Table, readonly (readonly [route: string, other: string])[]]>([
    [
      'a deeper route that needs other scope',
      { 'GET /orders/{id}': ['read'], 'GET /orders/{id}/items': ['items'] },
      [['GET /orders/{id}/items', 'GET /orders/{id}']],
    ],
    [
      'a literal that needs less',
      { 'GET /orders/{id}': ['read'], 'GET /orders/health': [] },
      [['GET /orders/health', 'GET /orders/{id}']],
    ],
    [
      'a method that needs less than ANY',
      { 'ANY /a': ['a'], 'GET /a': [] },
      [['GET /a', 'ANY /a']],
    ],
    [
      'a route that needs less than $default',
      { $default: ['a'], 'GET /a': [] },
      [['GET /a', '$default']],
    ],
    [
      'the root below a greedy route',
      { 'GET /': [], 'GET /{proxy+}': ['a'] },
      [['GET /', 'GET /{proxy+}']],
    ],
    [
      'a parameter below a greedy route',
      { 'GET /{proxy+}': ['a'], 'GET /a/{b}': ['a', 'b'] },
      [['GET /{proxy+}', 'GET /a/{b}']],
    ],
    [
      'paths that cross',
      { 'GET /a/{x}': ['a'], 'GET /{y}/b': ['b'] },
      [
        ['GET /a/{x}', 'GET /{y}/b'],
        ['GET /{y}/b', 'GET /a/{x}'],
      ],
    ],
    [
      'one path under two names',
      { 'GET /{a}': ['a'], 'GET /{b}': ['b'] },
      [
        ['GET /{a}', 'GET /{b}'],
        ['GET /{b}', 'GET /{a}'],
      ],
    ],
    [
      'a parameter that stands for several segments',
      { 'GET /a/{x}/c': ['a'], 'GET /a/b/d/c': ['b'] },
      [['GET /a/b/d/c', 'GET /a/{x}/c']],
    ],
    [
      'a greedy route beside a parameter',
      { 'GET /a/{x}': ['a'], 'GET /a/{proxy+}': ['b'] },
      [
        ['GET /a/{x}', 'GET /a/{proxy+}'],
        ['GET /a/{proxy+}', 'GET /a/{x}'],
      ],
    ],
    [
      'a trailing slash',
      { 'GET /a/': ['a'], 'GET /a/{proxy+}': ['b'] },
      [['GET /a/', 'GET /a/{proxy+}']],
    ],
  ])('I16: %s: found', ([, table, pairs]) => {
    const found = conflictingRoutes(parse(table)).map(({ route, other }) => [route, other]);
    expect(found).toEqual(pairs);
  });
});
