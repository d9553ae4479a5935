import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeStatusList,
  encodeBits,
  encodeStatusList,
  isInvalid,
  listOf,
  newStatusList,
  placeOf,
  setInvalid,
  statusListSize,
} from '../../functions/oauth/status-list.ts';
import { issuer } from '../support/a-client.ts';

/** Of draft-ietf-oauth-status-list-21 §4.1, and the list of 2^20 tokens of its test vectors for one bit. */
const examples = [
  ['eNrbuRgAAhcBXQ', [0, 3, 4, 5, 7, 8, 9, 13, 15]],
  [
    'eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogEAAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
      'AAAAAAAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAAA7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAA' +
      'AAAAAAAAADjelAAAAAAAAAAAKjDMAQAAAACAZC8L2AEb',
    [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345],
  ],
] as const;

const invalidIn = (list: Uint8Array) =>
  Array.from({ length: list.length * 8 }, (_, idx) => idx).filter((idx) => isInvalid(list, idx));

const places = fc.array(fc.nat(statusListSize - 1), { maxLength: 300 });

describe('Token Status List §4 status list', () => {
  test.for(examples)('J05: reads the example %s', ([lst, invalid]) => {
    expect(invalidIn(decodeStatusList({ bits: 1, lst }))).toEqual(invalid);
  });

  test('J05: writes the large example with the same bits', () => {
    const [, [lst, invalid]] = examples;
    const written = encodeStatusList(invalid);
    expect(written.bits).toBe(1);
    expect(decodeStatusList(written)).toEqual(decodeStatusList({ bits: 1, lst }));
  });

  test('J05: whatever is set is found in it, and nothing else', () => {
    fc.assert(
      fc.property(places, (invalid) => {
        const read = decodeStatusList(encodeStatusList(invalid));
        expect(read).toHaveLength(statusListSize / 8);
        expect(invalidIn(read)).toEqual([...new Set(invalid)].sort((a, b) => a - b));
      }),
      { numRuns: 20 },
    );
  });

  test('J05: bits that are set in place, at any time, are those of a list written at once', () => {
    fc.assert(
      fc.property(places, places, (some, more) => {
        const list = newStatusList();
        for (const idx of some) setInvalid(list, idx);
        encodeBits(list);
        for (const idx of more) setInvalid(list, idx);
        expect(encodeBits(list)).toEqual(encodeStatusList([...some, ...more]));
      }),
      { numRuns: 20 },
    );
  });

  test.for([statusListSize, -1, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'J05: a place %i that no list has is not lost when it is set, and invalid when it is looked up',
    (idx) => {
      expect(() => setInvalid(newStatusList(), idx)).toThrow(RangeError);
      expect(isInvalid(newStatusList(), idx)).toBe(true);
    },
  );

  test('J05: a list that unpacks to more than its size is refused', () => {
    const bomb = deflateSync(Buffer.alloc(statusListSize)).toString('base64url');
    expect(() => decodeStatusList({ bits: 1, lst: bomb })).toThrow('larger');
  });

  test.for(['', 'AAAA', 'eNrbuRgAAhcB'])(
    'J05: what is no compressed list is refused: %o',
    (lst) => {
      expect(() => decodeStatusList({ bits: 1, lst })).toThrow();
    },
  );
});

describe('Token Status List §6 referenced tokens', () => {
  test.for([
    [0, 0, 0],
    [1_048_575, 0, 1_048_575],
    [1_048_576, 1, 0],
    [10_000_000, 9, 562_816],
    [2 ** 52 + 5, 2 ** 32, 5],
  ] as const)('J05: the token %i is in the list %i at %i', ([number, list, idx]) => {
    expect(listOf(number)).toBe(list);
    expect(placeOf(number, issuer)).toEqual({ idx, uri: `${issuer}/status-lists/${list}` });
  });
});
