import {
  longestRevocationList,
  type RevocationListClaims,
  revocationListPath,
  revocationListType,
} from '../oauth/revocation-list.ts';
import type { RevocationView, SingleTokens } from '../oauth/revocation-view.ts';
import {
  type EncodedStatusList,
  encodeBits,
  encodeStatusList,
  statusListPath,
  statusListType,
} from '../oauth/status-list.ts';

/** What a list says, and how it is published. */
export interface ListContent {
  /** The path below the issuer, by which it is cached. */
  readonly path: string;
  /** The `typ` of its JWT. */
  readonly typ: string;
  /** Another one when it says something else, but for its times. */
  readonly version: string;
  /** When the newest that it says was revoked (NumericDate). */
  readonly newest: number;
  /** Seconds of a window. Lists that say the same have the same `iat` within it. */
  readonly window: number;
  /** Bytes that its JWT may have. */
  readonly longest: number;
  /** What it says. @param isShort whether it may refuse more tokens, to be shorter */
  claims(isShort: boolean): object;
}

/** What lists are made of. */
export interface ListSource {
  readonly issuer: string;
  readonly revoked: RevocationView;
  /** Each kid whose key was revoked. */
  readonly keys: readonly string[];
  readonly encoded: EncodedLists;
}

/** Status lists as texts. */
export type EncodedLists = (view: RevocationView, uri: string) => EncodedStatusList;

/** Writes each list anew when it has changed, and not before. */
export function encodedLists(): EncodedLists {
  // By the bits themselves: what nobody looks up any more is not kept.
  const texts = new WeakMap<
    Uint8Array,
    { readonly version: number; readonly text: EncodedStatusList }
  >();
  return ({ statusLists, listStates }, uri) => {
    const [list, state] = [statusLists.get(uri), listStates.get(uri)];
    if (list === undefined || state === undefined) return nothingInvalid;
    const known = texts.get(list);
    if (known?.version === state.version) return known.text;
    const text = encodeBits(list);
    texts.set(list, { version: state.version, text });
    return text;
  };
}

const nothingInvalid = encodeStatusList([]);

/** The list of all that was taken back. */
export function revocationListContent(source: ListSource): ListContent {
  const { issuer, revoked, keys } = source;
  return {
    path: revocationListPath,
    typ: revocationListType,
    version: `${revoked.version} ${keys.join(' ')}`,
    newest: revoked.newest,
    window: 30,
    longest: longestRevocationList,
    claims(isShort) {
      const singles = isShort ? revoked.withoutClient : revoked;
      const clients = isShort ? clientsForTokens(revoked) : revoked.clients;
      return {
        iss: issuer,
        sub: `${issuer}${revocationListPath}`,
        ttl: 5,
        clients: Object.fromEntries(clients),
        resources: Object.fromEntries(revoked.resources),
        keys,
        tokens: [...singles.tokens],
        status_lists: isShort ? encodedAnew(singles) : encodedAll(source),
      } satisfies Omit<RevocationListClaims, 'iat' | 'exp'>;
    },
  };
}

function encodedAll({ revoked, encoded }: ListSource): Record<string, EncodedStatusList> {
  const uris = [...revoked.statusLists.keys()];
  return Object.fromEntries(uris.map((uri) => [uri, encoded(revoked, uri)]));
}

const encodedAnew = ({ statusLists }: SingleTokens): Record<string, EncodedStatusList> =>
  Object.fromEntries([...statusLists].map(([uri, list]) => [uri, encodeBits(list)]));

/** In place of single tokens all of their clients up to the last of them: more is refused, and never less. */
function clientsForTokens({ clients, clientsOfTokens }: RevocationView): Map<string, number> {
  const all = new Map(clients);
  for (const [client_id, not_before] of clientsOfTokens)
    all.set(client_id, Math.max(not_before, all.get(client_id) ?? 0));
  return all;
}

/** One list of single tokens, for verifiers of others (Token Status List §5.1). */
export function statusListContent(
  number: string,
  { issuer, revoked, encoded }: ListSource,
): ListContent {
  const path = statusListPath(number);
  const sub = `${issuer}${path}`;
  const { version, newest } = revoked.listStates.get(sub) ?? { version: 0, newest: 0 };
  return {
    path,
    typ: statusListType,
    version: String(version),
    newest,
    window: 300,
    longest: longestRevocationList,
    claims: () => ({ iss: issuer, sub, ttl: 10, status_list: encoded(revoked, sub) }),
  };
}
