import { createPublicKey } from 'node:crypto';
import { type Kms, signingAlgorithms } from './key-operations.ts';
import { findEnabledKey, findKeyFor, keyArn } from './key-reference.ts';
import { keySpecs, type SigningAlgorithm } from './key-specs.ts';
import type { Key } from './key-store.ts';
import { KmsError } from './kms-error.ts';
import { type KmsRequest, octets, oneOf, text } from './request.ts';

/** GetPublicKey: the key as DER SubjectPublicKeyInfo. */
export function getPublicKey({ keys }: Kms, request: KmsRequest): object {
  const key = findEnabledKey(keys, text(request, 'KeyId'));
  if (key.usage !== 'SIGN_VERIFY') throw hasNone(key);
  const der = createPublicKey(key.material).export({ type: 'spki', format: 'der' });
  return {
    KeyId: keyArn(key.id),
    PublicKey: der.toString('base64'),
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    SigningAlgorithms: signingAlgorithms(key),
  };
}

const hasNone = ({ id, spec }: Key) =>
  new KmsError(
    'UnsupportedOperationException',
    `${keyArn(id)} is of key spec ${spec}, which has no public key.`,
  );

/**
 * Sign, over a RAW message of at most 4,096 octets or a DIGEST of the algorithm's length, where it
 * takes digests. EXTERNAL_MU is not known here.
 */
export function sign({ keys }: Kms, request: KmsRequest): object {
  const reference = text(request, 'KeyId');
  const message = octets(request, 'Message');
  const type = oneOf(request, 'MessageType', ['RAW', 'DIGEST']);
  const name = text(request, 'SigningAlgorithm');
  const key = findKeyFor(keys, reference, { operation: 'Sign', usage: 'SIGN_VERIFY' });
  const algorithm = algorithmOf(key, name);
  const signer = type === 'RAW' ? algorithm : digestSigner(algorithm, { name, message });
  const signature = signer.sign(key.material, message);
  return {
    KeyId: keyArn(key.id),
    Signature: signature.toString('base64'),
    SigningAlgorithm: name,
  };
}

function digestSigner(
  { digest }: SigningAlgorithm,
  { name, message }: { name: string; message: Buffer },
) {
  if (!digest) {
    throw new KmsError('ValidationException', `Algorithm ${name} requires message type RAW.`);
  }
  if (message.length === digest.length) return digest;
  throw new KmsError('ValidationException', `Digest is invalid length for algorithm ${name}.`);
}

function algorithmOf(key: Key, name: string): SigningAlgorithm {
  const algorithms = keySpecs.get(key.spec)?.algorithms ?? {};
  const algorithm = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
  if (algorithm) return algorithm;
  throw new KmsError(
    'InvalidKeyUsageException',
    `Algorithm ${name} is incompatible with key spec ${key.spec}.`,
  );
}
