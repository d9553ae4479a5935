import { createPrivateKey, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { TokenWork } from './work.ts';

const signOnAThread = promisify(sign);

/**
 * Signs with the key of the work, in the fastest way of node:crypto: an ES256 signature is DER. RS256,
 * which takes twenty times as long, goes to a thread, so that connections do not wait for each other.
 */
export function localKey({ alg, jwk }: TokenWork): (input: Uint8Array) => Promise<Buffer> {
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  if (alg === 'RS256') return (input) => signOnAThread('sha256', input, key);
  return async (input) => sign('sha256', input, key);
}
