import QuickLRU from 'quick-lru';
import type { Records } from './records.ts';

/** How records are read, and how long they are remembered. */
export interface Remembering<Kind extends object> {
  /** Reads a record as it is now. */
  readonly read: (id: string) => Promise<Kind | undefined>;
  /** Seconds that a record is remembered; 0: not at all. */
  readonly seconds: number;
  /** NumericDate. */
  readonly now: () => number;
}

/** A record, and when its reading began (NumericDate). */
interface Remembered<Kind> {
  readonly record: Kind;
  readonly at: number;
}

/** So many records are remembered, and up to twice as many held: some megabytes of memory at most. */
const most = 1000;

/**
 * Remembers records that are read much more often than they change. Requests that ask for the same one
 * share one read. That there is no such record is not remembered: it may be made any moment, and
 * whoever invents identifiers fills no memory.
 */
export function cachedRecords<Kind extends object>({
  read,
  seconds,
  now,
}: Remembering<Kind>): Records<Kind> {
  const remembered = new QuickLRU<string, Remembered<Kind>>({ maxSize: most });
  const reading = new Map<string, Promise<Kind | undefined>>();
  // Those that were found once more after they had been read.
  const foundAgain = new WeakSet<Kind>();

  const readNow = async (id: string): Promise<Kind | undefined> => {
    const at = now();
    const record = await read(id);
    if (record && seconds > 0) remembered.set(id, { record, at });
    else remembered.delete(id);
    return record;
  };
  const shareRead = (id: string): Promise<Kind | undefined> => {
    const begun = reading.get(id) ?? readNow(id).finally(() => reading.delete(id));
    reading.set(id, begun);
    return begun;
  };
  return {
    async find(id) {
      const held = remembered.get(id);
      const age = now() - (held?.at ?? 0);
      // A clock that was put back must not make it last.
      if (held === undefined || age < 0 || age >= seconds) return await shareRead(id);
      foundAgain.add(held.record);
      return held.record;
    },
    renewed: async (id, found) => (found && foundAgain.has(found) ? await readNow(id) : found),
  };
}
