import { type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import type { CachedKeyRing } from '../oauth/cached-key-ring.ts';
import type { SigningKey, SigningKeys } from '../oauth/jws.ts';
import { activeKey, hasActiveKey, type RingKey } from '../oauth/key-ring.ts';
import { OAuthError, unavailable } from '../oauth/oauth-error.ts';
import { type SigningAlgorithm, signingAlgorithm } from './signing-algorithms.ts';
import type { UnwrappedKeys } from './unwrapped-keys.ts';

/** Bytes that KMS takes where it hashes the message itself. */
const longestRawMessage = 4096;

/** What signs, for each custody of a private key. */
export interface Signers {
  /** Signs with keys that never leave KMS. */
  readonly kms: KMSClient;
  /** Gives the keys that KMS has wrapped. */
  readonly unwrapped: UnwrappedKeys;
  /** Whether requests come at the same time: none then waits for the slow signature of another. @default false */
  readonly servesSeveral?: boolean;
}

/** Signing keys that can be got ready before they are needed. */
interface PreparedSigningKeys extends SigningKeys {
  /** Reads the key ring, and has KMS unwrap the active key if it is a wrapped one. @throws RetryLater 503 */
  prepare(): Promise<void>;
}

/** The keys that sign access tokens, as the key ring says. */
export function kmsSigningKeys(signers: Signers, ring: CachedKeyRing): PreparedSigningKeys {
  return {
    async prepare() {
      const key = activeKey((await ring.current()).ring);
      if (key.custody === 'kms-wrapped') await signers.unwrapped.privateKey(key);
    },
    async active() {
      const cached = (await ring.current()).ring;
      const key = hasActiveKey(cached) ? activeKey(cached) : await activeNow(ring);
      return signingKey(signers, key);
    },
    async successorOf(failed) {
      const active = await activeNow(ring);
      return active.kid === failed.kid ? undefined : signingKey(signers, active);
    },
  };
}

async function activeNow(ring: CachedKeyRing): Promise<RingKey> {
  return activeKey((await ring.reread()).ring);
}

function signingKey({ kms, unwrapped, servesSeveral }: Signers, key: RingKey): SigningKey {
  const { alg, kid, key_id: KeyId } = key;
  const algorithm: SigningAlgorithm =
    signingAlgorithm(alg) ?? fail(new Error(`no token is signed with ${alg}`));
  if (key.custody === 'kms') {
    unwrapped.drop();
    const sign: SigningKey['sign'] = (input) => signInKms(kms, { KeyId, algorithm, input });
    return algorithm.MessageType === 'RAW'
      ? { alg, kid, sign, longestInput: longestRawMessage }
      : { alg, kid, sign };
  }
  const { wrapped } = algorithm;
  if (!wrapped) return fail(new Error(`KMS wraps no key pairs for ${alg}`));
  const sign = (servesSeveral && wrapped.signOnPool) || wrapped.sign;
  return {
    alg,
    kid,
    sign: async (input) => algorithm.signature(await sign(input, await unwrapped.privateKey(key))),
  };
}

async function signInKms(
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
    return algorithm.signature(Signature ?? fail(new Error('KMS answered without a signature')));
  } catch (error) {
    return fail(error);
  }
}

function fail(cause: unknown): never {
  throw unavailable(cause);
}
