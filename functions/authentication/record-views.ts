import type { CachedRecords, Found, Records } from '../oauth/cached-records.ts';
import { KeysUnavailable, OAuthError, RetryLater, UseDpopNonce } from '../oauth/oauth-error.ts';

/** Gives the records by which one request is decided, out of those that are cached. */
export type View = <Kind extends object>(records: CachedRecords<Kind>) => Records<Kind>;

/**
 * Decides by records that may be old. If a rule refuses by one that the registry has changed since, the whole
 * decision is made again by fresh records: a new secret, key or grant works at once. `decide` starts anew,
 * so that old and new records never mix.
 * @param decide must not use anything up, since it may run twice; it reads records through the view alone
 * @throws what `decide` throws
 */
export async function decideByRecords<Outcome>(
  decide: (view: View) => Promise<Outcome>,
): Promise<Outcome> {
  const checks: HasChanged[] = [];
  try {
    return await decide((records) => watched(records, checks));
  } catch (error) {
    if (!isRefusal(error) || !(await haveChanged(checks))) throw error;
    return await decide(fresh);
  }
}

/** Tells whether the registry has another record, or one where there was none. */
type HasChanged = () => Promise<boolean>;

function watched<Kind extends object>(
  records: CachedRecords<Kind>,
  checks: HasChanged[],
): Records<Kind> {
  const watch = (from: Found<Kind> | undefined): Kind | undefined => {
    if (from?.hasChanged) checks.push(from.hasChanged);
    return from?.record;
  };
  return {
    cached: (id) => watch(records.cached(id)),
    find: async (id) => watch(await records.find(id)),
  };
}

const fresh: View = ({ read }) => ({ cached: () => undefined, find: read });

async function haveChanged(checks: readonly HasChanged[]): Promise<boolean> {
  const changes = await Promise.all(checks.map((hasChanged) => hasChanged()));
  return changes.includes(true);
}

/**
 * Whether an old record may be why a request is refused: not where a store is in trouble, or a proof has no
 * nonce. Where published keys cannot be had it may: the registry may have other keys by now.
 */
const isRefusal = (error: unknown): boolean =>
  error instanceof KeysUnavailable ||
  (error instanceof OAuthError && !(error instanceof RetryLater || error instanceof UseDpopNonce));
