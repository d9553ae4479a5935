import type { AuditEntry } from '../../functions/oauth/audit.ts';
import { cachedKeyRing } from '../../functions/oauth/cached-key-ring.ts';
import { currentRevocations } from '../../functions/oauth/current-revocations.ts';
import type { SigningKey, SigningKeys } from '../../functions/oauth/jws.ts';
import type { KeyRing } from '../../functions/oauth/key-ring.ts';
import { publisherFreshness } from '../../functions/oauth/key-times.ts';
import type { RevocationLog } from '../../functions/oauth/revocation.ts';
import type { NumberCount } from '../../functions/oauth/token-number.ts';
import { createHandler } from '../../functions/revocation-list/handler.ts';
import { knownLists } from '../../functions/revocation-list/known-lists.ts';
import { encodedLists } from '../../functions/revocation-list/list-content.ts';
import { signedLists } from '../../functions/revocation-list/signed-lists.ts';
import { testSigningKey } from '../../testing/tokens/signing-key.ts';
import { issuer, stoppedAt } from './a-client.ts';
import { aRingKey } from './a-ring-key.ts';
import { httpApiEvent, type RequestInit } from './http-api-event.ts';
import { memoryRevocations } from './memory/memory-revocations.ts';

type TestSigningKey = Awaited<ReturnType<typeof testSigningKey>>;

/** Keys of which one signs. They count their signatures, and can be in trouble. */
interface SigningKeysInMemory {
  /** The one that signs. */
  active: SigningKey;
  signatures: number;
  /** What keeps them from signing; undefined: nothing does. */
  trouble: Error | undefined;
  /** What a signature waits for. */
  wait: () => Promise<unknown>;
}

/** A key ring, and how it is read. */
interface RingInMemory {
  now: KeyRing;
  load: () => Promise<KeyRing>;
}

/** What is special about a publisher. */
interface PublisherSurroundings {
  /** What it reads; the numbers of tokens, too. @default a store in memory */
  readonly log?: RevocationLog & NumberCount;
  readonly clock?: { now: number };
}

/** Publishers of a revocation list, which share the log, the keys and the key ring. */
export async function revocationPublishers(special: PublisherSurroundings = {}) {
  const clock = special.clock ?? { now: stoppedAt };
  const now = () => clock.now;
  const store = memoryRevocations(now);
  const log = special.log ?? store;
  const [first, second] = await Promise.all([testSigningKey('ES256'), testSigningKey('ES256')]);
  const keys: SigningKeysInMemory = {
    active: first,
    signatures: 0,
    trouble: undefined,
    wait: async () => undefined,
  };
  const ring: RingInMemory = {
    now: { keys: [ringKey(first, {})], revision: 1 },
    load: async () => ring.now,
  };
  const tooLong: (readonly [path: string, isShortEnough: boolean])[] = [];
  const audited: AuditEntry[] = [];
  /** @param now its own clock */
  const publisher = (ofItsOwn: () => number = now) => {
    const handler = createHandler({
      issuer,
      revocations: currentRevocations({ log, now: ofItsOwn, oldest: 1 }),
      keyRing: cachedKeyRing(
        { load: () => ring.load() },
        { now: ofItsOwn, freshness: publisherFreshness },
      ),
      encoded: encodedLists(),
      signList: signedLists({
        signingKeys: signingKeys(keys),
        now: ofItsOwn,
        tooLong: (...what) => tooLong.push(what),
      }),
      knownLists: knownLists(log, ofItsOwn),
      audit: (entry) => audited.push(entry),
    });
    return (path: string, init: RequestInit = {}) =>
      handler(httpApiEvent({ method: 'GET', path, ...init }));
  };
  /** Has the second key sign, and revokes the first one in the ring. */
  const revokeKey = () => {
    keys.active = second;
    const retired = ringKey(first, { state: 'retired', revoked: true });
    ring.now = { keys: [retired, ringKey(second, {})], revision: 2 };
  };
  return {
    get: publisher(),
    publisher,
    clock,
    log: store,
    keys,
    ring,
    first,
    second,
    revokeKey,
    tooLong,
    audited,
  };
}

const ringKey = ({ kid, alg, jwk }: TestSigningKey, special: Parameters<typeof aRingKey>[0]) =>
  aRingKey({ kid, alg, jwk, ...special });

function signingKeys(keys: SigningKeysInMemory): SigningKeys {
  const counted = (key: SigningKey): SigningKey => ({
    ...key,
    async sign(input) {
      keys.signatures += 1;
      await keys.wait();
      if (keys.trouble) throw keys.trouble;
      return await key.sign(input);
    },
  });
  return {
    active: async () => counted(keys.active),
    successorOf: async ({ kid }) => (keys.active.kid === kid ? undefined : counted(keys.active)),
  };
}
