import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import { routesFrom } from '../../functions/authorizer/routes-variable.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-routes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = 'routes-0a1b2c.json';
const written = (text: string) => writeFileSync(join(folder, file), text);

const segment = fc.constantFrom('orders', 'a.json', '{id}', 'x-y');
const path = fc.array(segment, { maxLength: 4 }).map((all) => `/${all.join('/')}`);
const key = fc.tuple(fc.constantFrom('GET', 'POST', 'ANY'), path).map((parts) => parts.join(' '));
const table = fc.dictionary(fc.oneof(key, fc.constant('$default')), fc.subarray(['s', 't']), {
  minKeys: 1,
});

describe('the variable ROUTES', () => {
  test('I16: a table is the same in the variable and in a file', () => {
    const property = fc.property(table, (routes) => {
      const json = JSON.stringify(routes);
      written(json);
      expect(routesFrom(json, folder)).toEqual(parseRoutes(json));
      expect(routesFrom(file, folder)).toEqual(parseRoutes(json));
      expect(routesFrom(join(folder, file), '/elsewhere')).toEqual(parseRoutes(json));
    });
    fc.assert(property, { numRuns: 300 });
  });

  test.for([
    ['routes-none.json', /^ENOENT/],
    ['', /^the routes are not JSON$/],
    ['routes', /^the routes are not JSON$/],
    ['"routes.json"', /^the routes are not a JSON object/],
  ] as const)('I14: %j fails the cold start', ([variable, sentence]) => {
    expect(() => routesFrom(variable, folder)).toThrow(sentence);
  });

  test.for(['', '[]', '{}', '{"GET /":"read"}'])('I14: so does a file with %j', (text) => {
    written(text);
    expect(() => routesFrom(file, folder)).toThrow(/^the (routes|scope)/);
  });
});
