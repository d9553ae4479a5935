/**
 * Turns an ECDSA signature from DER (ASN.1 SEQUENCE of r and s, RFC 3279 §2.2.3) into r and s side
 * by side, each of the curve's length (RFC 7518 §3.4).
 * @param size octets of r and of s
 * @throws Error when it is not such a signature
 */
export function fixedLengthSignature(der: Uint8Array, size: number): Uint8Array {
  // At most 255 octets: no signature of ours is longer. From 128 on the length has an octet in front.
  const isLong = der[1] === 0x81;
  const start = isLong ? 3 : 2;
  const length = der[start - 1] ?? 0;
  const isWhole = der.length === start + length && (isLong || length < 0x80);
  if (der[0] !== 0x30 || !isWhole) return malformed();
  const both = Buffer.alloc(2 * size);
  const endOfR = copyInteger(der, start, both.subarray(0, size));
  if (copyInteger(der, endOfR, both.subarray(size)) !== der.length) return malformed();
  return both;
}

/**
 * Copies a DER INTEGER to the end of the target, and tells where it ends. An INTEGER has a zero octet in
 * front where its first bit would make it negative, and no other leading zeros (X.690 §8.3).
 */
function copyInteger(der: Uint8Array, at: number, target: Uint8Array): number {
  const start = at + 2;
  const end = start + (der[at + 1] ?? 0);
  const isPositive = (der[start] ?? 0x80) < 0x80;
  if (der[at] !== 0x02 || start === end || end > der.length || !isPositive) return malformed();
  let first = start;
  while (first < end && der[first] === 0) first += 1;
  if (end - first > target.length) return malformed();
  target.set(der.subarray(first, end), target.length - (end - first));
  return end;
}

function malformed(): never {
  throw new Error('KMS answered with something that is no ECDSA signature');
}
