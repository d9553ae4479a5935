import { type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { HeldKeyRing } from '../oauth/held-key-ring.ts';
import type { SigningKey, SigningKeys } from '../oauth/jws.ts';
import { activeKey, hasActiveKey, type RingKey } from '../oauth/key-ring.ts';
import { OAuthError, unavailable } from '../oauth/oauth-error.ts';
import { type SigningAlgorithm, signingAlgorithm } from './signing-algorithms.ts';

/** Bytes that KMS takes where it hashes the message itself. */
const longestRawMessage = 4096;

/** The keys in KMS that sign access tokens, as the key ring says. */
export function kmsSigningKeys(kms: KMSClient, ring: HeldKeyRing): SigningKeys {
  return {
    async active() {
      const held = (await ring.current()).ring;
      return kmsSigningKey(kms, hasActiveKey(held) ? activeKey(held) : await activeNow(ring));
    },
    async successorOf(failed) {
      const active = await activeNow(ring);
      return active.kid === failed.kid ? undefined : kmsSigningKey(kms, active);
    },
  };
}

async function activeNow(ring: HeldKeyRing): Promise<RingKey> {
  return activeKey((await ring.reread()).ring);
}

function kmsSigningKey(kms: KMSClient, { kid, alg, key_id: KeyId }: RingKey): SigningKey {
  const algorithm = signingAlgorithm(alg) ?? refuse(new Error(`no token is signed with ${alg}`));
  return { alg, kid, sign: (input) => sign(kms, { KeyId, algorithm, input }) };
}

async function sign(
  kms: KMSClient,
  what: { KeyId: string; algorithm: SigningAlgorithm; input: Uint8Array },
): Promise<Uint8Array> {
  const { KeyId, algorithm, input } = what;
  const { SigningAlgorithm, MessageType } = algorithm;
  if (MessageType === 'RAW' && input.length > longestRawMessage) {
    throw new OAuthError(
      'invalid_scope',
      'the token would be too long to sign: ask for less scope',
    );
  }
  const Message = algorithm.message(input);
  const command = new SignCommand({ KeyId, SigningAlgorithm, Message, MessageType });
  try {
    const { Signature } = await kms.send(command);
    return algorithm.signature(Signature ?? refuse(new Error('KMS answered without a signature')));
  } catch (error) {
    return refuse(error);
  }
}

function refuse(cause: unknown): never {
  throw unavailable(cause);
}
