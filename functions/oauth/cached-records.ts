import QuickLRU from 'quick-lru';

/** Records of one kind, found by their identifier. */
export interface Records<Kind extends object> {
  /** @throws RetryLater 503 when it cannot be told whether there is one */
  find(id: string): Promise<Kind | undefined>;
}

/** Records of which a copy is kept in memory for a while. */
export interface CachedRecords<Kind extends object> {
  /** Finds a record, in the cache or in the registry. @throws RetryLater 503 */
  find(id: string): Promise<Found<Kind>>;
  /** Reads a record from the registry, and caches what it finds. @throws RetryLater 503 */
  read(id: string): Promise<Kind | undefined>;
}

/** A record, and whether it came from the cache: only then may the registry have another one. */
interface Found<Kind extends object> {
  readonly record: Kind | undefined;
  readonly isCached: boolean;
}

/** How records are read, and how long they are cached. */
export interface CachedRecordsProps<Kind extends object> {
  readonly read: (id: string) => Promise<Kind | undefined>;
  /** Seconds that a record is cached; 0: not at all. */
  readonly seconds: number;
  /** NumericDate. */
  readonly now: () => number;
}

/** A record, and when its reading began (NumericDate). */
interface Cached<Kind> {
  readonly record: Kind;
  readonly at: number;
}

/** QuickLRU holds up to twice as many: some megabytes at most. */
const maxSize = 1000;

/**
 * Caches records that are read much more often than they change. Requests for the same record share one
 * read. A missing record is not cached: it may be made at any moment, and invented identifiers must not
 * fill the memory.
 */
export function cachedRecords<Kind extends object>({
  read,
  seconds,
  now,
}: CachedRecordsProps<Kind>): CachedRecords<Kind> {
  const cache = new QuickLRU<string, Cached<Kind>>({ maxSize });
  const reading = new Map<string, Promise<Kind | undefined>>();

  const readAndCache = async (id: string): Promise<Kind | undefined> => {
    const at = now();
    const record = await read(id);
    if (record && seconds > 0) cache.set(id, { record, at });
    else cache.delete(id);
    return record;
  };
  const shareRead = (id: string): Promise<Kind | undefined> => {
    const begun = reading.get(id) ?? readAndCache(id).finally(() => reading.delete(id));
    reading.set(id, begun);
    return begun;
  };
  return {
    async find(id) {
      const cached = cache.get(id);
      const age = now() - (cached?.at ?? 0);
      // A negative age: the clock was put back, which must not prolong the cache.
      const isFresh = cached !== undefined && age >= 0 && age < seconds;
      if (isFresh) return { record: cached.record, isCached: true };
      return { record: await shareRead(id), isCached: false };
    },
    read: readAndCache,
  };
}
