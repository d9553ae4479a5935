import { createHash } from 'node:crypto';
import type { OAuthError } from './oauth-error.ts';

/** Stores what may be used once, for all instances. */
export interface ReplayGuard {
  /**
   * Whether this is the first use of the identifier; it is forgotten after `expires_at`
   * (NumericDate). Fails with `temporarily_unavailable` when it cannot tell.
   */
  firstUse(identifier: string, expires_at: number): Promise<boolean>;
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
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
  return { ...use, identifier: `${kind}#${digest}` };
}

/**
 * Uses up what counts once (RFC 7523 §3 (7), RFC 9449 §11.1). Every rule that may refuse a request comes
 * before this step, so that a client can mend it and send the same assertion and proof.
 * @throws the refusal of the first one that was used before; RetryLater when the store cannot tell
 */
export async function useOnce(uses: readonly SingleUse[], replays: ReplayGuard): Promise<void> {
  for (const { identifier, expires_at, refusal } of uses) {
    if (!(await replays.firstUse(identifier, expires_at))) throw refusal();
  }
}
