import { createHmac, timingSafeEqual } from 'node:crypto';
import { UseDpopNonce } from './oauth-error.ts';

/** Whether DPoP proofs must have a nonce of the server. */
export type NonceMode = 'off' | 'required';

/** The nonces that a server asks DPoP proofs for (RFC 9449 §8, §9). */
export interface DpopNonces {
  /**
   * A nonce for the client's next proof; undefined: none is asked for.
   * Fails with `temporarily_unavailable` when none can be made.
   */
  issue(): Promise<string | undefined>;
  /**
   * Checks the nonce of a proof. Throws UseDpopNonce for one that is missing, too old or not ours;
   * fails with `temporarily_unavailable` when it cannot tell.
   */
  check(nonce: unknown): Promise<void>;
}

/** Where the keys of nonces come from. All instances get the same one for a period. */
export interface NonceKeys {
  /** @throws RetryLater 503 */
  ofPeriod(period: number): Promise<Uint8Array>;
}

/** What nonces are made with. */
export interface NonceMaking {
  readonly keys: NonceKeys;
  /** NumericDate. */
  readonly now: () => number;
}

/** Seconds for which there is one key, so that a key that leaks is good for no longer. */
export const keyPeriod = 86_400;

/** Seconds that a nonce is good for. */
const lifetime = 300;
/** Seconds by which the clocks of two instances may differ. */
const clockSkew = 5;

// Together 22 octets: 30 characters of base64url.
const timeBytes = 6;
const macBytes = 16;

/** The nonces of a server that asks for none; whatever a proof has is nothing to it. */
export const noNonces: DpopNonces = {
  issue: () => Promise.resolve(undefined),
  check: () => Promise.resolve(),
};

/**
 * Nonces that nothing has to be remembered for: the time at which one was made, and an HMAC of it.
 * One is good for five minutes, at every instance.
 */
export function statelessNonces({ keys, now }: NonceMaking): DpopNonces {
  const make = async (time: number): Promise<string> => {
    const made = Buffer.alloc(timeBytes);
    made.writeUIntBE(time, 0, timeBytes);
    const key = await keys.ofPeriod(Math.floor(time / keyPeriod));
    const mac = createHmac('sha256', key).update(made).digest().subarray(0, macBytes);
    return Buffer.concat([made, mac]).toString('base64url');
  };
  const issue = () => make(now());
  const isGood = async (nonce: unknown): Promise<boolean> => {
    if (typeof nonce !== 'string' || !/^[\w-]{30}$/.test(nonce)) return false;
    const time = Buffer.from(nonce, 'base64url').readUIntBE(0, timeBytes);
    // Before a key is looked for: there are keys of today, and no others.
    if (time > now() + clockSkew || time <= now() - lifetime) return false;
    // The text, for a decoder reads several as the same octets.
    return timingSafeEqual(Buffer.from(nonce), Buffer.from(await make(time)));
  };
  return {
    issue,
    async check(nonce) {
      if (!(await isGood(nonce))) throw new UseDpopNonce(await issue());
    },
  };
}
