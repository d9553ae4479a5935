import type { CurrentRevocations } from '../../oauth/current-revocations.ts';
import type { LoadRevocations } from './cached-revocations.ts';

/** Seconds: a reading that began so long before the question still answers it. */
const freshness = 1;

/**
 * Gets what an issuer has taken back from where it is noted.
 * @param now NumericDate
 */
export const readRevocations = (
  { current }: CurrentRevocations,
  now: () => number,
): LoadRevocations => {
  // A reading that Lambda has frozen on its way answers the question of an hour ago.
  const readSince = async (
    asked: number,
    tries: number,
  ): Promise<Awaited<ReturnType<LoadRevocations>>> => {
    const { revoked, at } = await current();
    if (at >= asked - freshness) return revoked;
    if (tries > 1) return await readSince(asked, tries - 1);
    throw new Error('the table was read too long ago');
  };
  return () => readSince(now(), 2);
};
