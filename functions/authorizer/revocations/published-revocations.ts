import { reason } from '../../oauth/audit.ts';
import type { Revoked } from '../../oauth/revoked.ts';
import type { IssuerKeys } from '../issuer-keys.ts';
import { parseHeader, verifySignature } from '../signed-token.ts';
import type { LoadRevocations } from './cached-revocations.ts';
import { fetchList, type ListSource } from './fetched-list.ts';
import { isOver, parseListClaims, type RevocationList } from './list-claims.ts';

/** An issuer's revocation list, and how it is verified. */
export interface PublishedListProps extends ListSource {
  readonly issuer: string;
  /** See algorithms.ts. */
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
  /** NumericDate. */
  readonly now: () => number;
}

/** The last list that was taken. */
interface TakenList extends RevocationList {
  readonly etag: string | undefined;
}

const typ = /^(application\/)?revocation-list\+jwt$/i;

/**
 * Seconds between two fetches of the issuer's keys for a list whose key they lack: the list itself is not fetched more
 * often. After `key revoke --replace` the next list is signed by a new key at once. A fetch that a stranger's token has
 * begun must not keep it from being read.
 */
const keyCoolDown = 0;

/**
 * Gets what an issuer has taken back from the list that it publishes. A list is signed by a key of the issuer that
 * none has named as revoked, is not over, and not older than the last one: a replay brings nothing back. That the
 * list is still the same (304) is not signed, so it is believed no longer than the list is good for.
 */
export function publishedRevocations(props: PublishedListProps): LoadRevocations {
  let last: TakenList | undefined;
  /** All that any list has named. */
  const revokedKeys = new Set<string>();

  const read = async (jwt: string): Promise<RevocationList> => {
    const header = parseHeader(jwt);
    const { keys } = await props.keys(header.kid, keyCoolDown);
    const { algorithms, now, ...expected } = props;
    const claims = verifySignature(jwt, header, { keys, algorithms, typ });
    const list = parseListClaims(claims, { ...expected, now: now() });
    if (revokedKeys.has(header.kid) || list.revoked.keys.has(header.kid)) {
      throw new Error('it is signed by a key that was revoked');
    }
    return list;
  };
  /** Takes a list for the current one, if none that came meanwhile is newer. */
  const take = (list: TakenList): Revoked => {
    if (last && list.iat < last.iat) throw new Error('it is older than the last one');
    last = list;
    for (const kid of list.revoked.keys) revokedKeys.add(kid);
    return list.revoked;
  };
  const load: LoadRevocations = async (signal) => {
    const known = last;
    const isKnownGood = known !== undefined && !isOver(known.exp, props.now());
    const fetched = await fetchList(props, isKnownGood ? known.etag : undefined, signal);
    if (fetched) return take({ ...(await read(fetched.jwt)), etag: fetched.etag });
    if (last === undefined || isOver(last.exp, props.now())) throw new Error('it has expired');
    return last.revoked;
  };
  return async (signal) => {
    try {
      return await load(signal);
    } catch (error) {
      throw new Error(`the revocation list: ${reason(error)}`);
    }
  };
}
