import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixedLengthSignature } from '../../functions/aws/ecdsa-signature.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** DER of a SEQUENCE or an INTEGER. */
function der(tag: number, content: Buffer): Buffer {
  const length = content.length < 128 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

/** DER of a positive INTEGER: no zeros in front but one where the first bit is set. */
function integer(octets: Uint8Array): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const digits = Buffer.from(first < 0 ? [0] : octets.subarray(first));
  return der(0x02, Number(digits[0]) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

describe('RFC 7518 §3.4: r and s side by side', () => {
  test.for([32, 48] as const)('E11: any two numbers of at most %i octets', (size) => {
    const number = fc.uint8Array({ minLength: size, maxLength: size });
    fc.assert(
      fc.property(number, number, (r, s) => {
        const signature = der(0x30, Buffer.concat([integer(r), integer(s)]));
        expect(fixedLengthSignature(signature, size)).toEqual(Buffer.concat([r, s]));
      }),
    );
  });

  test('E11: numbers that begin with zeros are filled up', () => {
    expect(fixedLengthSignature(hex('30 06 02 01 01 02 01 7f'), 4)).toEqual(
      hex('00000001 0000007f'),
    );
  });

  test.for([
    ['nothing', ''],
    ['a sequence that is cut off', '30 06 02 01 01 02 01'],
    ['something behind the sequence', '30 06 02 01 01 02 01 01 00'],
    ['a third number', '30 09 02 01 01 02 01 01 02 01 01'],
    ['one number', '30 03 02 01 01'],
    ['a negative number', '30 06 02 01 80 02 01 01'],
    ['an empty number', '30 05 02 00 02 01 01'],
    ['something else than a number', '30 06 04 01 01 02 01 01'],
    ['something else than a sequence', '31 06 02 01 01 02 01 01'],
    ['a number that is too large', '30 0a 02 05 01 00 00 00 00 02 01 01'],
    ['a length of two octets', '30 82 00 06 02 01 01 02 01 01'],
  ] as const)('E11: %s is no signature', ([, signature]) => {
    expect(() => fixedLengthSignature(hex(signature), 4)).toThrow('no ECDSA signature');
  });
});
