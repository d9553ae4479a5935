import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWK } from 'jose';

/** A key pair of a throw-away client, for ES256. */
export interface ClientKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** The public half. */
  readonly jwk: JWK;
}

/** Makes a key pair. */
export function newClientKey(kid: string): ClientKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
  return { kid, privateKey, jwk };
}

/** Has a public key in a file, as a JWK Set (RFC 7517 §5), for as long as it is used. */
export async function withKeyFile<Result>(
  jwk: JWK,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    const path = join(directory, 'jwks.json');
    await writeFile(path, JSON.stringify({ keys: [jwk] }));
    return await use(path);
  } finally {
    await rm(directory, { recursive: true });
  }
}
