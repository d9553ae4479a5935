import { describe, expect, test } from 'vitest';
import { isWithin, overlap } from '../../infra/authorizer/checks/route-overlap.ts';

describe('I11: which routes of API Gateway take the same requests', () => {
  test.for([
    ['GET /a', 'GET /a', true],
    ['GET /a', 'ANY /a', true],
    ['GET /a', 'POST /a', false],
    ['GET /a', 'GET /b', false],
    ['GET /a', 'GET /a/b', false],
    ['GET /a', '$default', true],
    ['GET /a', 'GET /{id}', true],
    ['GET /a', 'ANY /{p+}', true],
    ['GET /a/b', 'GET /{x}/b', true],
    ['GET /a/{y}', 'GET /{x}/b', true],
    ['GET /a/{y}', 'GET /b/{p+}', false],
    ['GET /a/b/c', 'GET /a/{p+}', true],
    ['GET /a', 'GET /a/{p+}', false],
    ['GET /a/', 'GET /a/{p+}', true],
    ['GET /a/', 'GET /a/{id}', false],
    ['GET /', 'GET /{p+}', false],
    ['GET /', 'GET /{id}', false],
    ['GET /', 'ANY /', true],
  ] as const)('%s and %s: %s', ([one, other, expected]) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });

  test.for([
    ['GET /a', 'GET /a', true],
    ['GET /a', 'ANY /a', true],
    ['ANY /a', 'GET /a', false],
    ['GET /a', 'GET /{id}', true],
    ['GET /{id}', 'GET /{name}', true],
    ['GET /{id}', 'GET /a', false],
    ['GET /a/{p+}', 'GET /{p+}', true],
    ['GET /{p+}', 'GET /{id}', false],
    ['GET /a/{id}', 'GET /a/{p+}', true],
    ['GET /a/{x}', 'GET /{x}/b', false],
    ['GET /', 'GET /{p+}', false],
    ['GET /a', '$default', true],
    ['$default', 'ANY /{p+}', false],
    ['$default', '$default', true],
  ] as const)('%s is within %s: %s', ([narrow, broad, expected]) => {
    expect(isWithin(narrow, broad)).toBe(expected);
  });
});
