import { isByTime } from '../../../functions/aws/revocation-items.ts';
import type {
  Revocation,
  RevocationLog,
  RevocationStore,
} from '../../../functions/oauth/revocation.ts';
import type { NumberBlocks, NumberCount } from '../../../functions/oauth/token-number.ts';

/** Revocations in memory. */
export interface MemoryRevocations
  extends RevocationStore,
    RevocationLog,
    NumberBlocks,
    NumberCount {
  /** What was asked for since when, in order. */
  readonly reads: number[];
  /** Why nothing can be read or written; undefined: it can. */
  trouble: Error | undefined;
}

/** Revocations of a page: two of a test need a second one. */
const pageSize = 1000;

/**
 * The table of revocations in memory. One object stands for the store.
 * @param now NumericDate
 */
export function memoryRevocations(now: () => number): MemoryRevocations {
  const noted = new Map<string, Revocation>();
  let next = 0;
  const put = (
    revocation: Revocation,
    mayReplace: (earlier: Revocation | undefined) => boolean,
  ) => {
    if (store.trouble) throw store.trouble;
    const key = `${revocation.kind}#${revocation.id}`;
    if (mayReplace(noted.get(key))) noted.set(key, structuredClone(revocation));
  };
  const store: MemoryRevocations = {
    reads: [],
    trouble: undefined,
    async note(revocation) {
      const { kind, not_before = 0, status } = revocation;
      put(revocation, (earlier) => {
        if (!earlier || (status && !earlier.status)) return true;
        return isByTime(kind) && (earlier.not_before ?? 0) < not_before;
      });
    },
    async lift(revocation) {
      const { not_before = 0 } = revocation;
      put(revocation, (earlier) => (earlier?.not_before ?? 0) > not_before);
      return noted.has(`${revocation.kind}#${revocation.id}`);
    },
    async time() {
      if (store.trouble) throw store.trouble;
      return now();
    },
    async *since(revoked_at) {
      store.reads.push(revoked_at);
      if (store.trouble) throw store.trouble;
      const found = [...noted.values()]
        .filter((each) => each.revoked_at >= revoked_at && each.expires_at > now())
        .sort((a, b) => a.revoked_at - b.revoked_at);
      for (let at = 0; at < found.length; at += pageSize) yield found.slice(at, at + pageSize);
    },
    async take(size) {
      if (store.trouble) throw store.trouble;
      next += size;
      return next - size;
    },
    async taken() {
      if (store.trouble) throw store.trouble;
      return next;
    },
  };
  return store;
}
