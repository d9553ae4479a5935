import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { RingKey } from '../oauth/key-ring.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import { publicJwk } from '../oauth/public-jwk.ts';
import { encryptionContext } from './key-tags.ts';

/** Private keys that KMS has wrapped. */
export interface UnwrappedKeys {
  /** Has one unwrapped. @throws RetryLater 503 when KMS does not */
  privateKey(key: RingKey): Promise<KeyObject>;
  /** Forgets the one in memory: another signs. */
  forget(): void;
}

/**
 * Has private keys unwrapped by KMS, each once for as long as it signs: the key that is asked for takes
 * the place of the one before, so that no more than one is in memory. Nothing here turns it into text.
 */
export function unwrappedKeys(kms: KMSClient, registry: string): UnwrappedKeys {
  let held: { readonly kid: string; readonly key: Promise<KeyObject> } | undefined;
  const asked = (ringKey: RingKey) => {
    const key = unwrap(kms, registry, ringKey).catch((error: unknown) => {
      if (held?.key === key) held = undefined;
      throw unavailable(error);
    });
    return { kid: ringKey.kid, key };
  };
  return {
    privateKey(ringKey) {
      if (held?.kid !== ringKey.kid) held = asked(ringKey);
      return held.key;
    },
    forget() {
      held = undefined;
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
    // A token would name a key that others check it by, and find that it is another's.
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    if ((await publicJwk(spki, alg)).kid === kid) return key;
  } finally {
    der.fill(0);
  }
  throw new Error(`what KMS unwrapped is not the private half of ${kid}`);
}
