import { isDeepStrictEqual } from 'node:util';
import QuickLRU from 'quick-lru';
import { isYounger } from './age.ts';
import { type Begun, sharedFor } from './shared-reading.ts';

/** Records of one kind, found by their identifier. */
export interface Records<Kind extends object> {
  /** A record that is there without waiting. */
  cached(id: string): Kind | undefined;
  /** @throws RetryLater 503 when it cannot be told whether there is one */
  find(id: string): Promise<Kind | undefined>;
}

/**
 * `strong`: a record as it is now. `eventual`, at half the price: as it is now, or as it was before a change that
 * was made a moment ago.
 */
export type Consistency = 'eventual' | 'strong';

/** Reads one record of a store; undefined: there is none. @throws RetryLater 503 when it cannot be read */
export type ReadRecord<Kind extends object> = (
  id: string,
  consistency: Consistency,
) => Promise<Kind | undefined>;

/** Records of which a copy is kept in memory for a while. */
export interface CachedRecords<Kind extends object> {
  /** Finds a record in the cache. */
  cached(id: string): Found<Kind> | undefined;
  /** Finds a record, in the cache or in the registry: it may be an old one. @throws RetryLater 503 */
  find(id: string): Promise<Found<Kind>>;
  /** Reads a record as it is now, and caches what it finds. @throws RetryLater 503 */
  read(id: string): Promise<Kind | undefined>;
}

/** A record, or none, and what tells whether the registry has another one by now; undefined: it has not. */
export interface Found<Kind extends object> {
  readonly record: Kind | undefined;
  /** @throws RetryLater 503 */
  readonly hasChanged: (() => Promise<boolean>) | undefined;
}

/** How records are read, and how long they are cached. */
export interface CachedRecordsProps<Kind extends object> {
  readonly read: ReadRecord<Kind>;
  /** Seconds that a record is cached; 0: not at all, and it is never an old one. */
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
 * read, which may give an old record: whoever is refused by it asks whether it has changed. One that Lambda may
 * have frozen on its way is not shared. A missing record is not cached: it may be made at any moment, and invented
 * identifiers must not fill the memory.
 */
export function cachedRecords<Kind extends object>({
  read,
  seconds,
  now,
}: CachedRecordsProps<Kind>): CachedRecords<Kind> {
  const cache = new QuickLRU<string, Cached<Kind>>({ maxSize });
  const reading = new Map<string, Begun<Kind | undefined>>();
  const isCaching = seconds > 0;

  const readAndCache: ReadRecord<Kind> = async (id, consistency) => {
    const at = now();
    const record = await read(id, consistency);
    if (record && isCaching) cache.set(id, { record, at });
    else cache.delete(id);
    return record;
  };
  const begin = (id: string): Begun<Kind | undefined> => {
    const done = readAndCache(id, isCaching ? 'eventual' : 'strong').finally(() => {
      if (reading.get(id) === begun) reading.delete(id);
    });
    const begun = { at: now(), done };
    reading.set(id, begun);
    return begun;
  };
  const shareRead = (id: string): Promise<Kind | undefined> => {
    const begun = reading.get(id);
    return (begun && isYounger(begun.at, sharedFor, now()) ? begun : begin(id)).done;
  };
  const hasChanged = async (id: string, record: Kind | undefined): Promise<boolean> =>
    !isDeepStrictEqual(await readAndCache(id, 'strong'), record);
  // As many reads as for an unknown record: time must not tell who is known.
  const reread = async (id: string, record: Kind): Promise<boolean> => {
    await read(id, 'eventual');
    return await hasChanged(id, record);
  };
  const cached = (id: string): Found<Kind> | undefined => {
    const copy = cache.get(id);
    if (copy === undefined) return undefined;
    const { record, at } = copy;
    const isFresh = isYounger(at, seconds, now());
    return isFresh ? { record, hasChanged: () => reread(id, record) } : undefined;
  };
  const readFirst = async (id: string): Promise<Found<Kind>> => {
    const record = await shareRead(id);
    return { record, hasChanged: isCaching ? () => hasChanged(id, record) : undefined };
  };
  return {
    cached,
    find: async (id) => cached(id) ?? (await readFirst(id)),
    read: (id) => readAndCache(id, 'strong'),
  };
}
