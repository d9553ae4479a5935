/** One value in ASN.1's distinguished encoding: its tag, and the bytes that it holds. */
export interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

/** The tags on the way to a certificate's name (X.690 §8, RFC 5280 Appendix A.1). */
export const derTags = {
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
} as const;

/** The values that follow one another in some bytes. Throws RangeError if their lengths do not add up. */
export function derValues(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { from, to } = contentAt(bytes, at);
    values.push({ tag: bytes.readUInt8(at), content: bytes.subarray(from, to) });
    at = to;
  }
  return values;
}

/** The values within a value of this tag. Throws RangeError if it has another tag. */
export function derMembers(value: DerValue | undefined, tag: number): readonly DerValue[] {
  return derValues(derContent(value, tag));
}

/** The bytes of a value of this tag. Throws RangeError if it has another tag. */
export function derContent(value: DerValue | undefined, tag: number): Buffer {
  if (value?.tag !== tag) throw new RangeError(`not a value of ASN.1 with the tag ${tag}`);
  return value.content;
}

/** An object identifier in dotted form (X.690 §8.19). Throws RangeError when it is cut or too long. */
export function objectIdentifier(content: Buffer): string {
  const arcs = content.toString('latin1').match(/(?:[\x81-\xff][\x80-\xff]*)?[\0-\x7f]/g) ?? [];
  const isWhole = arcs.join('').length === content.length;
  if (!isWhole || content.length === 0 || content.length > 64) {
    throw new RangeError('not an object identifier');
  }
  const [first = 0n, ...others] = arcs.map(arcValue);
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...others].join('.');
}

/** Reads numbers of seven bits a byte; the highest bit says that another byte follows. */
const arcValue = (arc: string): bigint =>
  [...Buffer.from(arc, 'latin1')].reduce((sum, byte) => sum * 128n + BigInt(byte & 0x7f), 0n);

// X.690 §8.1.3: the length in one byte, or in as many bytes as the first one says. `readUIntBE` throws for
// an indefinite length (no bytes), and for more than six.
function contentAt(bytes: Buffer, at: number): { readonly from: number; readonly to: number } {
  const first = bytes.readUInt8(at + 1);
  const more = first < 0x80 ? 0 : first - 0x80;
  const from = at + 2 + more;
  const to = from + (first < 0x80 ? first : bytes.readUIntBE(at + 2, more));
  if (to > bytes.length) throw new RangeError('a value of ASN.1 that is cut');
  return { from, to };
}
