import { describe, expect, test } from 'vitest';
import { bearerChallenge, parameter } from './challenge.ts';

const read = (...values: readonly string[]) =>
  bearerChallenge('an answer', {
    status: 401,
    headers: values.map((value) => ['WWW-Authenticate', value]),
    body: '',
  });

describe('RFC 9110 §11.6.1 the Bearer challenge', () => {
  test.for<[what: string, value: string, parameters: readonly (readonly [string, string])[]]>([
    ['without a parameter', 'Bearer', []],
    ['with one', 'Bearer realm="a"', [['realm', 'a']]],
    ['in other letters', 'BEARER Realm="A"', [['realm', 'A']]],
    ['with a token as value', 'Bearer error=invalid_token', [['error', 'invalid_token']]],
    [
      'with blanks around',
      'Bearer  realm = "a" , scope="b c" ',
      [
        ['realm', 'a'],
        ['scope', 'b c'],
      ],
    ],
    ['with empty elements', ', Bearer realm="a",, ', [['realm', 'a']]],
    ['with a comma in quotes', 'Bearer realm="a, b=c"', [['realm', 'a, b=c']]],
    ['with an escaped quote', 'Bearer realm="a\\"b\\\\"', [['realm', 'a"b\\']]],
    [
      'with a repetition',
      'Bearer a=1, A=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['behind another', 'Basic realm="x", Bearer realm="a"', [['realm', 'a']]],
    ['before another', 'Bearer realm="a", DPoP algs="ES256"', [['realm', 'a']]],
    ['behind a token68', 'Negotiate ab+/c==, Bearer realm="a"', [['realm', 'a']]],
  ])('is read %s', ([, value, parameters]) => {
    expect(read(value)).toEqual({ scheme: 'bearer', parameters });
  });

  test('is read from any of several headers', () => {
    const challenge = read('Basic realm="x"', 'Bearer error="invalid_token"');
    expect(challenge && parameter(challenge, 'error')).toBe('invalid_token');
    expect(challenge && parameter(challenge, 'realm')).toBeUndefined();
  });

  test('may be missing', () => {
    expect(read()).toBeUndefined();
  });

  test.for([
    ['a quote is open', 'Bearer realm="a'],
    ['a comma is missing', 'Bearer realm="a" error="b"'],
    ['a value is missing', 'Bearer realm="a", error='],
    ['a value with a blank has no quotes', 'Bearer realm="a", error=invalid token'],
    ['there is no scheme', 'realm="a"'],
    ['a scheme has a colon', 'Bearer: realm="a"'],
    ['a control character is in quotes', 'Bearer realm="a\u0007"'],
  ])('is malformed where %s', ([, value = '']) => {
    expect(() => read(value)).toThrow('is not as RFC 9110 §11.6.1 writes it');
  });

  test('must be there, and once, where there is any', () => {
    expect(() => read('Basic realm="a"')).toThrow('is for another scheme than Bearer');
    expect(() => read('Bearer a=1, Bearer b=2')).toThrow('several Bearer challenges');
  });
});
