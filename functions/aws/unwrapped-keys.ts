import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { RingKey } from '../oauth/key-ring.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import { publicJwk } from '../oauth/public-jwk.ts';
import { encryptionContext } from './key-tags.ts';

/** Private keys that KMS has wrapped. */
export interface UnwrappedKeys {
  /** The private half of a key of the ring. @throws RetryLater 503 when KMS does not unwrap it */
  privateKey(key: RingKey): Promise<KeyObject>;
  /** Drops the cached one: another key signs. */
  drop(): void;
}

/**
 * Has KMS unwrap private keys, and caches the last one: the next key takes its place, so that no more
 * than one is in memory. Nothing here turns it into text.
 */
export function unwrappedKeys(kms: KMSClient, registry: string): UnwrappedKeys {
  let cached: { readonly kid: string; readonly key: Promise<KeyObject> } | undefined;
  const unwrapping = (ringKey: RingKey) => {
    const key = unwrap(kms, registry, ringKey).catch((error: unknown) => {
      if (cached?.key === key) cached = undefined;
      throw unavailable(error);
    });
    return { kid: ringKey.kid, key };
  };
  return {
    privateKey(ringKey) {
      if (cached?.kid !== ringKey.kid) cached = unwrapping(ringKey);
      return cached.key;
    },
    drop() {
      cached = undefined;
    },
  };
}

async function unwrap(
  kms: KMSClient,
  registry: string,
  { kid, alg, key_id: KeyId, wrapped_private_key }: RingKey,
): Promise<KeyObject> {
  const CiphertextBlob = Buffer.from(wrapped_private_key ?? '', 'base64');
  const EncryptionContext = encryptionContext(registry, alg);
  const { Plaintext } = await kms.send(
    new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }),
  );
  if (Plaintext === undefined) throw new Error('KMS answered without a private key');
  const der = Buffer.from(Plaintext.buffer, Plaintext.byteOffset, Plaintext.byteLength);
  try {
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    // Verifiers check a token by the public key that its kid names: another half fails at all of them.
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    if ((await publicJwk(spki, alg)).kid === kid) return key;
  } finally {
    der.fill(0);
  }
  throw new Error(`what KMS unwrapped is not the private half of ${kid}`);
}
