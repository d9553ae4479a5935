import { hash } from 'node:crypto';
import type { OAuthError } from './oauth-error.ts';

/** Gives a use back as if it had not been, and never another's. It does not fail: where it cannot, the use stays. */
export type GiveBack = () => Promise<void>;

/** Stores what may be used once, for all instances. */
export interface ReplayGuard {
  /**
   * Uses an identifier up, if this is its first use; it is forgotten after `expires_at` (NumericDate). Fails
   * with `temporarily_unavailable` when it cannot tell.
   * @returns what gives this very use back; undefined: it was used before
   */
  firstUse(identifier: string, expires_at: number): Promise<GiveBack | undefined>;
}

/** Something that counts once, such as a DPoP proof. It is used up by `useOnce` alone. */
export interface SingleUse {
  readonly identifier: string;
  /** NumericDate from which it would be refused anyway. */
  readonly expires_at: number;
  /** Makes the refusal of a second use. */
  readonly refusal: () => OAuthError;
}

/**
 * Names something that counts once.
 * @param kind keeps apart what is used in different ways
 * @param parts what tells it from all others of its kind; a digest of them is stored, however long they are
 */
export function singleUse(
  kind: string,
  parts: readonly string[],
  use: Omit<SingleUse, 'identifier'>,
): SingleUse {
  const digest = hash('sha256', JSON.stringify(parts), 'base64url');
  return { ...use, identifier: `${kind}#${digest}` };
}

/**
 * Uses up what counts once (RFC 7523 §3 (7), RFC 9449 §11.1). Every rule that may refuse a request comes
 * before this step, so that a client can mend it and send the same assertion and proof. For the same reason
 * all are used up, or none.
 * @returns what gives them back, where there is no token in the end
 * @throws the refusal of the first one that was used before; RetryLater when the store cannot tell
 */
export async function useOnce(uses: readonly SingleUse[], replays: ReplayGuard): Promise<GiveBack> {
  const used: GiveBack[] = [];
  const giveBack: GiveBack = async () => void (await Promise.all(used.map((undo) => undo())));
  try {
    for (const { identifier, expires_at, refusal } of uses) {
      const undo = await replays.firstUse(identifier, expires_at);
      if (undo === undefined) throw refusal();
      used.push(undo);
    }
    return giveBack;
  } catch (error) {
    await giveBack();
    throw error;
  }
}
