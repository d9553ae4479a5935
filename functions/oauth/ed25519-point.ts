import QuickLRU from 'quick-lru';

/** The prime of the field, and the d of the curve -x² + y² = 1 + dx²y² (RFC 8032 §5.1). */
const p = 2n ** 255n - 19n;
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** A y of the points of order 8. */
const y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
/** The y of the eight points whose order divides 8: by such a key anybody's signature may verify. */
const smallOrder: ReadonlySet<bigint> = new Set([0n, 1n, p - 1n, y8, p - y8]);

/** y -> whether a point has it. To find out takes as long as to verify a signature. */
const known = new QuickLRU<bigint, boolean>({ maxSize: 1000 });

/**
 * What is wrong with 32 octets as a public key of Ed25519 (RFC 8032 §5.1.3, §5.1.7): `member`, they are not
 * the one way to write their point; `order`, the point is of small order; `point`, there is none.
 */
export function ed25519Fault(octets: Uint8Array): 'member' | 'order' | 'point' | undefined {
  const littleEndian = Buffer.from(octets).reverse().toString('hex');
  // The highest bit is the sign of x.
  const y = BigInt(`0x${littleEndian}`) & (2n ** 255n - 1n);
  if (y >= p) return 'member';
  if (smallOrder.has(y)) return 'order';
  const isPoint = known.get(y) ?? hasPoint(y);
  known.set(y, isPoint);
  return isPoint ? undefined : 'point';
}

/** Whether x² = (y² - 1) / (dy² + 1) has a root: by Euler's criterion, of the product in place of the quotient. */
function hasPoint(y: bigint): boolean {
  const y2 = (y * y) % p;
  return power(((y2 - 1n) * (d * y2 + 1n)) % p, (p - 1n) / 2n) === 1n;
}

/** base to the power of exponent, modulo p. */
function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}
