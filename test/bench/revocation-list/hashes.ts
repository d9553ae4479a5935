import { hash } from 'node:crypto';
import type { KeySet } from '../../../functions/authorizer/key-set.ts';
import { parseHeader, verifySignature } from '../../../functions/authorizer/signed-token.ts';
import { type SigningKey, signJwt } from '../../../functions/oauth/jws.ts';
import { tokenOf } from './revoked-tokens.ts';

/** Bytes of a hash: of fewer, some token that nobody has revoked would be refused now and then. */
const size = 6;

const typ = 'hash-list+jwt';

/** The peer of the bits: a JWT with the sorted hashes of each `jti` that was revoked. */
export function hashList(numbers: ReadonlySet<number>, key: SigningKey): Promise<string> {
  const hashes = [...numbers].map((number) => digest(tokenOf(number).jti));
  const sorted = Buffer.concat(hashes.sort(Buffer.compare));
  return signJwt(typ, { hashes: sorted.toString('base64url') }, key);
}

/** Verifies and reads one, by the same code as the bits. */
export function readHashes(jwt: string, keys: KeySet['keys'], alg: string): Buffer {
  const header = parseHeader(jwt);
  const { hashes } = verifySignature(jwt, header, {
    keys,
    algorithms: [alg],
    typ: /^hash-list\+jwt$/,
  });
  return Buffer.from(String(hashes), 'base64url');
}

/** Whether a token is among them, by halves. */
export function isAmong(hashes: Buffer, jti: string): boolean {
  const wanted = digest(jti).readUIntBE(0, size);
  let [low, high] = [0, hashes.length / size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashes.readUIntBE(middle * size, size) < wanted) low = middle + 1;
    else high = middle;
  }
  return low * size < hashes.length && hashes.readUIntBE(low * size, size) === wanted;
}

const digest = (jti: string): Buffer => hash('sha256', jti, 'buffer').subarray(0, size);
