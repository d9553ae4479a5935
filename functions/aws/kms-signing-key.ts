import { createHash } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { SigningKey } from '../oauth/jws.ts';
import { unavailable } from '../oauth/oauth-error.ts';
import { type PublicJwk, publicJwk } from '../oauth/public-jwk.ts';

// What KMS calls the algorithm, and how the signing input is given to it. A digest has no size
// limit; a raw message may have 4,096 bytes.
const algorithms = {
  RS256: { SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256', hash: 'sha256' },
} as const;

const alg = 'RS256';

/**
 * The key in KMS that signs access tokens. Its public half is read once, for the `kid`; after a
 * failure it is read anew.
 */
export function kmsSigningKey(kms: KMSClient, KeyId: string): () => Promise<SigningKey> {
  const { SigningAlgorithm, hash } = algorithms[alg];
  const jwk = kmsPublicJwk(kms, KeyId);
  const sign = async (input: Uint8Array): Promise<Uint8Array> => {
    const Message = createHash(hash).update(input).digest();
    const command = new SignCommand({ KeyId, SigningAlgorithm, Message, MessageType: 'DIGEST' });
    const { Signature } = await kms.send(command).catch(refuse);
    return Signature ?? refuse(new Error('KMS answered without a signature'));
  };
  return async () => ({ alg, kid: (await jwk()).kid, sign });
}

/** The public half of a key in KMS, read once; after a failure it is read anew. */
export function kmsPublicJwk(kms: KMSClient, KeyId: string): () => Promise<PublicJwk> {
  let known: Promise<PublicJwk> | undefined;
  const read = async (): Promise<PublicJwk> => {
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId })).catch(refuse);
    return publicJwk(PublicKey ?? refuse(new Error('KMS answered without a public key')), alg);
  };
  return () => {
    known ??= read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

function refuse(error: unknown): never {
  throw unavailable(error);
}
