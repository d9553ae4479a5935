import { randomFillSync } from 'node:crypto';

/** Octets of one. */
const size = 16;

const drawn = Buffer.alloc(256 * size);
let used = drawn.length;

/** Makes a `jti` of 128 random bits. They are drawn for many at a time: each draw costs as much as all of them. */
export function newJti(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += size;
  return drawn.toString('base64url', used - size, used);
}
