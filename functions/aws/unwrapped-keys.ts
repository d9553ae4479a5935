import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { RingKey } from '../oauth/key-ring.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import { publicJwk } from '../oauth/public-jwk.ts';
import { encryptionContext } from './key-tags.ts';

/** The private key of a pair that KMS has wrapped. @throws RetryLater 503 when KMS does not unwrap it */
export type UnwrappedKey = (key: RingKey) => Promise<KeyObject>;

/**
 * Has private keys unwrapped by KMS, each once for as long as it signs: the key that is asked for takes
 * the place of the one before, so that no more than one is in memory. It can sign, and not be exported
 * by a slip: nothing here turns it into text.
 */
export function unwrappedKeys(kms: KMSClient, registry: string): UnwrappedKey {
  let held: { readonly kid: string; readonly key: Promise<KeyObject> } | undefined;
  return async (ringKey) => {
    const { kid } = ringKey;
    if (held?.kid === kid) return await held.key;
    const asked = { kid, key: unwrap(kms, registry, ringKey) };
    held = asked;
    try {
      return await asked.key;
    } catch (error) {
      if (held === asked) held = undefined;
      throw unavailable(error);
    }
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
