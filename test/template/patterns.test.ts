import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkIssuer } from '../../infra/settings/setting-checks.ts';
import { secureOrigin, whole, wholeNumber } from '../../infra/template/patterns.ts';

describe('a pattern of whole numbers', () => {
  test.for([
    [0, 300],
    [1, 365],
    [60, 86_400],
    [1, 65_535],
    [7, 7],
    [99, 101],
  ] as const)('takes %i to %i and no others', ([from, to]) => {
    const pattern = new RegExp(whole(wholeNumber({ from, to })));
    const numbers = Array.from({ length: 100_002 }, (_, number) => number);
    const wrong = numbers.filter(
      (number) => pattern.test(`${number}`) !== (number >= from && number <= to),
    );
    expect(wrong).toEqual([]);
  });

  test.for(['', '-1', '1.5', '07', ' 7', '7 ', '7\n', '1e2', '٣'])('does not take %j', (text) => {
    expect(new RegExp(whole(wholeNumber({ from: 0, to: 300 }))).test(text)).toBe(false);
  });
});

const origin = new RegExp(whole(secureOrigin));

const isIssuer = (text: string): boolean => {
  try {
    return checkIssuer(text, 'issuer') === text;
  } catch {
    return false;
  }
};

describe('the pattern of an origin', () => {
  test.for([
    'https://auth.example.com',
    'https://auth.example.com:8443',
    'https://auth.example.com:4430',
    'https://10.0.0.1',
    'http://localhost:3000',
    'http://127.0.0.1:65535',
    'http://[::1]',
  ])('takes %s', (text) => {
    expect(origin.test(text)).toBe(true);
  });

  test.for([
    'http://auth.example.com',
    'https://auth.example.com/',
    'https://auth.example.com:443',
    'http://localhost:80',
    'https://auth.example.com:65536',
    'https://*.example.com',
    'https://AUTH.example.com',
    'https://user@auth.example.com',
    'https://auth.example.com#a',
    'https://256.1.1.1',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
  ])('does not take %s', (text) => {
    expect(origin.test(text)).toBe(false);
  });

  test('takes no text of its letters that the constructs would refuse', () => {
    const letters = fc.constantFrom(
      ...'https://',
      ...'http://',
      '127.0.0.1',
      'a',
      'b.c',
      ':44',
      '3',
      '-',
      '.',
      '[::1]',
    );
    const text = fc.oneof(
      fc.string({ unit: letters, maxLength: 12 }),
      fc.string({ unit: letters, maxLength: 8 }).map((rest) => `https://${rest}`),
      fc.string({ unit: letters, maxLength: 4 }).map((rest) => `http://127.0.0.1${rest}`),
      fc.webUrl({ validSchemes: ['http', 'https'] }),
    );
    fc.assert(fc.property(text, (one) => !origin.test(one) || isIssuer(one)));
  });
});
