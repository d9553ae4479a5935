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

/** Where the keys of nonces come from: one key for each period, the same at all instances. */
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

/** Seconds of a period. A key that leaks is of no use after it. */
export const keyPeriod = 86_400;

/** Seconds that a nonce is good for. */
const lifetime = 300;
/** Seconds by which the clocks of two instances may differ. */
const clockSkew = 5;

// Together 22 octets: 30 characters of base64url.
const timeBytes = 6;
const macBytes = 16;

/** For a server that asks for no nonces: it ignores the nonce of a proof. */
export const noNonces: DpopNonces = {
  issue: () => Promise.resolve(undefined),
  check: () => Promise.resolve(),
};

/**
 * Nonces that need no storage: the time of their making, and an HMAC of it. A nonce is good for five
 * minutes, at every instance.
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
    // Checked before a key is looked for: invented times must not make keys.
    if (time > now() + clockSkew || time <= now() - lifetime) return false;
    // As texts: several texts of base64url decode to the same octets.
    return timingSafeEqual(Buffer.from(nonce), Buffer.from(await make(time)));
  };
  return {
    issue,
    async check(nonce) {
      if (!(await isGood(nonce))) throw new UseDpopNonce(await issue());
    },
  };
}
