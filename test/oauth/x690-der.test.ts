import { describe, expect, test } from 'vitest';
import { derMembers, derValues, objectIdentifier } from '../../functions/oauth/der.ts';

describe('X.690 §8.1 basic encoding rules', () => {
  test('C02: lengths are of one byte, or of several', () => {
    const long = Buffer.alloc(300, 1);
    const bytes = Buffer.from([0x0c, 1, 0x61, 0x0c, 0, 0x04, 0x82, 0x01, 0x2c, ...long]);
    expect(derValues(bytes)).toEqual([
      { tag: 0x0c, content: Buffer.from('a') },
      { tag: 0x0c, content: Buffer.of() },
      { tag: 0x04, content: long },
    ]);
  });

  test.for<readonly [string, readonly number[]]>([
    ['a tag alone', [0x0c]],
    ['a value that is cut', [0x0c, 2, 0x61]],
    ['a length that is cut', [0x0c, 0x82, 1]],
    ['an indefinite length', [0x30, 0x80, 0, 0]],
    ['a length of seven bytes', [0x0c, 0x87, 0, 0, 0, 0, 0, 0, 1, 0x61]],
    ['the length that is reserved', [0x0c, 0xff, 0]],
  ])('C02: %s is refused', ([, bytes]) => {
    expect(() => derValues(Buffer.from(bytes))).toThrow(RangeError);
  });

  test('C02: a value has to have the tag that is expected', () => {
    const [value] = derValues(Buffer.from([0x30, 2, 0x0c, 0]));
    expect(derMembers(value, 0x30)).toEqual([{ tag: 0x0c, content: Buffer.of() }]);
    expect(() => derMembers(value, 0x31)).toThrow(RangeError);
    expect(() => derMembers(undefined, 0x30)).toThrow(RangeError);
  });
});

describe('X.690 §8.19 encoding of an object identifier value', () => {
  test.for<readonly [string, readonly number[]]>([
    ['2.5.4.3', [0x55, 4, 3]],
    ['0.39', [39]],
    ['1.0', [40]],
    ['2.0', [80]],
    ['2.999.3', [0x88, 0x37, 3]],
  ])('C02: %s', ([dotted, bytes]) => {
    expect(objectIdentifier(Buffer.from(bytes))).toBe(dotted);
  });

  test.for<readonly [string, readonly number[]]>([
    ['none', []],
    ['one that is cut', [0x55, 0x84]],
    ['one with padding', [0x55, 0x80, 4]],
    ['one of absurd length', Array.from({ length: 65 }, () => 1)],
  ])('C02: %s is refused', ([, bytes]) => {
    expect(() => objectIdentifier(Buffer.from(bytes))).toThrow(RangeError);
  });
});
