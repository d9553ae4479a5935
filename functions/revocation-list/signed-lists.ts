import QuickLRU from 'quick-lru';
import type { SigningKey } from '../oauth/jws.ts';
import type { ListContent } from './list-content.ts';
import {
  type ListSigning,
  type SignedList,
  signByKeyOrSuccessor,
  startOf,
  unrevokedKey,
} from './list-signing.ts';

/** Signs a list, or gives the one that says the same. @throws RetryLater 503 */
export type SignList = (
  content: ListContent,
  revokedKeys: ReadonlySet<string>,
) => Promise<SignedList>;

/** A list that was signed, and what it says. */
interface Kept extends SignedList {
  readonly version: string;
  /** Where its window begins. */
  readonly start: number;
}

/** A list that is being signed, or could not be. */
interface Begun {
  /** Which list it is. */
  readonly identity: string;
  readonly at: number;
  readonly signed: Promise<SignedList>;
  hasFailed: boolean;
}

/** Lists that are kept, and as many again: each has 250 kB at most, but for the one of all. */
const mostLong = 20;

/** The same of those in which little or nothing is revoked: one for each million tokens that there were. */
const mostShort = 2000;

/** Characters of the longest that is short. */
const short = 8192;

/** Keeps more of the short ones, so that strangers who ask for one after the other have none signed again. */
function keptLists() {
  const longOnes = new QuickLRU<string, Kept>({ maxSize: mostLong });
  const shortOnes = new QuickLRU<string, Kept>({ maxSize: mostShort });
  return {
    get: (path: string): Kept | undefined => longOnes.get(path) ?? shortOnes.get(path),
    set(path: string, list: Kept): void {
      const [place, other] =
        list.jwt.length > short ? [longOnes, shortOnes] : [shortOnes, longOnes];
      place.set(path, list);
      other.delete(path);
    },
  };
}

/** Seconds after a failure within which nobody tries again. */
const pause = 1;

/** A list serves for two of its three windows where no newer one can be signed. */
const servedWindows = 2;

/**
 * Signs each list once in each of its windows, and when it says something new. Requests that come together share
 * it. While nothing can be signed, the last list serves if it still says the same: one that hides a revocation never
 * does, for authorizers would take it for fresh.
 */
export function signedLists(signing: ListSigning): SignList {
  const { signingKeys, now } = signing;
  const kept = keptLists();
  const begun = new Map<string, Begun>();

  const begin = (content: ListContent, identity: string, key: SigningKey): Begun => {
    const { path, version } = content;
    const start = startOf(content, now());
    const signed = signByKeyOrSuccessor(content, key, signing);
    const beginning: Begun = { identity, at: now(), signed, hasFailed: false };
    begun.set(path, beginning);
    signed.then(
      (list) => {
        // Else one that says more was begun since.
        if (begun.get(path) !== beginning) return;
        kept.set(path, { ...list, version, start });
        begun.delete(path);
      },
      () => {
        beginning.hasFailed = true;
      },
    );
    return beginning;
  };
  const isOver = ({ hasFailed, at }: Begun): boolean => hasFailed && Math.abs(now() - at) >= pause;
  const share = (content: ListContent, key: SigningKey): Promise<SignedList> => {
    const identity = `${content.version} ${startOf(content, now())} ${key.kid}`;
    const beginning = begun.get(content.path);
    const isSame = beginning?.identity === identity && !isOver(beginning);
    return (isSame ? beginning : begin(content, identity, key)).signed;
  };
  const ageOf = ({ start }: Kept, content: ListContent): number => startOf(content, now()) - start;
  const mayServe = (list: Kept, content: ListContent): boolean => {
    const age = ageOf(list, content);
    return age >= 0 && age < servedWindows * content.window;
  };

  return async (content, revokedKeys) => {
    const key = await unrevokedKey(signingKeys, revokedKeys);
    const last = kept.get(content.path);
    const saysTheSame = last?.version === content.version && !revokedKeys.has(last.kid);
    if (saysTheSame && ageOf(last, content) === 0 && last.kid === key.kid) return last;
    try {
      return await share(content, key);
    } catch (error) {
      if (saysTheSame && mayServe(last, content)) return last;
      throw error;
    }
  };
}
