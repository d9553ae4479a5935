import { unavailable } from '../oauth/oauth-error.ts';
import { fetchJwks, metadataUrl, type Source } from './issuer-documents.ts';
import { type KeySet, parseKeySet } from './key-set.ts';

/**
 * The issuer's keys for a token that names this `kid`. They may still lack it.
 * @throws OAuthError `temporarily_unavailable` when no keys can be had.
 */
export type IssuerKeys = (kid: string) => Promise<KeySet>;

interface Fetched {
  readonly keySet: KeySet;
  /** NumericDate. */
  readonly at: number;
  /** NumericDate. */
  readonly freshUntil: number;
}

/** Seconds for which fetched keys are used unasked, unless the issuer says less. */
const freshness = 300;
/** Seconds between two fetches, whatever tokens come in and whatever the issuer says. */
const coolDown = 30;
/** Seconds after which keys that could not be fetched anew are used no longer. */
const staleLimit = 3600;

/**
 * Finds the keys of one issuer through its metadata (RFC 8414 §3) and keeps them for five
 * minutes. An unknown `kid` has them fetched again, though not within 30 seconds of the last
 * time. An issuer in trouble is forgiven for an hour, after which nothing verifies.
 * @throws Error when the issuer is no usable issuer identifier.
 */
export function issuerKeys(source: Source): IssuerKeys {
  metadataUrl(source.issuer);
  let held: Fetched | undefined;
  let attemptedAt = Number.NEGATIVE_INFINITY;
  let inFlight: Promise<unknown> | undefined;

  const fetchAgain = async (now: number): Promise<unknown> => {
    attemptedAt = now;
    try {
      held = await fetchKeys(source, held?.keySet);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      inFlight = undefined;
    }
  };

  return async (kid) => {
    const now = source.now();
    const need = needFor(held, kid, now);
    const cooled = now - attemptedAt >= coolDown;
    if (need === 'must' || (need === 'may' && cooled)) inFlight ??= fetchAgain(now);
    const failure = need === 'none' ? undefined : await inFlight;
    if (!isUsable(held, now)) throw unavailable(failure);
    return held.keySet;
  };
}

function needFor(held: Fetched | undefined, kid: string, now: number): 'none' | 'may' | 'must' {
  if (!isUsable(held, now)) return 'must';
  return now >= held.freshUntil || !held.keySet.kids.has(kid) ? 'may' : 'none';
}

const isUsable = (held: Fetched | undefined, now: number): held is Fetched =>
  held !== undefined && now - held.at <= staleLimit;

async function fetchKeys(source: Source, previous: KeySet | undefined): Promise<Fetched> {
  const at = source.now();
  const { document, maxAge = freshness } = await fetchJwks(source);
  const lifetime = Math.min(freshness, Math.max(coolDown, maxAge));
  return { keySet: parseKeySet(document, previous), at, freshUntil: at + lifetime };
}
