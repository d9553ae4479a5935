/**
 * Turns an ECDSA signature from DER (ASN.1 SEQUENCE of r and s, RFC 3279 §2.2.3) into r and s side
 * by side, each of the curve's length (RFC 7518 §3.4).
 * @param size octets of r and of s
 * @throws Error when it is not such a signature
 */
export function fixedLengthSignature(der: Uint8Array, size: number): Uint8Array {
  const sequence = element(Buffer.from(der), 0x30);
  const r = element(sequence.content, 0x02);
  const s = element(r.rest, 0x02);
  if (sequence.rest.length > 0 || s.rest.length > 0) return malformed();
  return Buffer.concat([padded(r.content, size), padded(s.content, size)]);
}

interface Element {
  readonly content: Buffer;
  /** What stands behind it. */
  readonly rest: Buffer;
}

/** Reads one DER element of at most 255 octets: no signature of ours is longer. */
function element(bytes: Buffer, tag: number): Element {
  const [found, first = 0, second = 0] = bytes;
  const [length, start] = first === 0x81 ? [second, 3] : [first, 2];
  if (found !== tag || first > 0x81 || bytes.length < start + length) return malformed();
  return { content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

/** An INTEGER has a zero in front where its first bit is set, and none where it has leading zeros. */
function padded(integer: Buffer, size: number): Buffer {
  const digits = integer.subarray(integer.findIndex((octet) => octet !== 0));
  if (digits.length > size || (integer[0] ?? 0x80) >= 0x80) return malformed();
  return Buffer.concat([Buffer.alloc(size - digits.length), digits]);
}

function malformed(): never {
  throw new Error('KMS answered with something that is no ECDSA signature');
}
