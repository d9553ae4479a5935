import type { RevocableKind, Revocation } from './revocation.ts';
import type { Revoked } from './revoked.ts';
import { newStatusList, setInvalid } from './status-list.ts';

/** Tokens that were revoked one by one. */
export type SingleTokens = Pick<Revoked, 'tokens' | 'statusLists'>;

/** Tells whether a list is as it was. */
interface ListState {
  /** Another one after each change. */
  readonly version: number;
  /** When the newest of its tokens was revoked. */
  readonly newest: number;
}

/** All revocations that were read, as they are looked up and published. Nothing is kept for each single token but its bit. */
export interface RevocationView extends Revoked {
  /** Another one after each change. */
  readonly version: number;
  /** The newest `revoked_at`; 0: there is none. */
  readonly newest: number;
  /** URI -> what each of `statusLists` is like. */
  readonly listStates: ReadonlyMap<string, ListState>;
  /** client_id -> the `not_before` that refuses each of its tokens that were revoked one by one. */
  readonly clientsOfTokens: ReadonlyMap<string, number>;
  /** Of the single tokens those whose client is not known. */
  readonly withoutClient: SingleTokens;
}

/** A view that grows. */
export interface GrowingView {
  readonly view: RevocationView;
  /** Adds what was read; what has changed since it was read last takes its place. */
  add(revocation: Revocation): void;
}

/** @param newVersion gives another number each time */
export function growingView(newVersion: () => number): GrowingView {
  const singles = growingTokens();
  const withoutClient = growingTokens();
  const listStates = new Map<string, ListState>();
  const clientsOfTokens = new Map<string, number>();
  const clients = new Map<string, number>();
  const resources = new Map<string, number>();
  const keys = new Set<string>();
  const view = {
    ...singles.tokens,
    clients,
    resources,
    keys,
    listStates,
    clientsOfTokens,
    withoutClient: withoutClient.tokens,
    version: newVersion(),
    newest: 0,
  };

  function addToken(revocation: Revocation): boolean {
    const { status, client_id, iat, revoked_at } = revocation;
    if (!singles.add(revocation)) return false;
    if (client_id === undefined || iat === undefined) withoutClient.add(revocation);
    else raise(clientsOfTokens, client_id, iat + 1);
    if (status) {
      const newest = Math.max(revoked_at, listStates.get(status.uri)?.newest ?? 0);
      listStates.set(status.uri, { version: newVersion(), newest });
    }
    return true;
  }
  const adders: Readonly<Record<RevocableKind, (revocation: Revocation) => boolean>> = {
    token: addToken,
    client: ({ id, not_before }) => put(clients, id, not_before),
    resource: ({ id, not_before }) => put(resources, id, not_before),
    key: ({ id }) => addTo(keys, id),
  };
  return {
    view,
    add(revocation) {
      if (!adders[revocation.kind](revocation)) return;
      view.version = newVersion();
      view.newest = Math.max(view.newest, revocation.revoked_at);
    },
  };
}

/** Single tokens that become more. */
function growingTokens() {
  const jtis = new Set<string>();
  const statusLists = new Map<string, Uint8Array>();
  return {
    tokens: { tokens: jtis, statusLists },
    /** @returns whether it was not there */
    add({ id, status }: Revocation): boolean {
      if (!status) return addTo(jtis, id);
      const list = statusLists.get(status.uri) ?? newStatusList();
      statusLists.set(status.uri, list);
      return setInvalid(list, status.idx);
    },
  };
}

function addTo(set: Set<string>, element: string): boolean {
  if (set.has(element)) return false;
  set.add(element);
  return true;
}

function put(times: Map<string, number>, id: string, not_before = 0): boolean {
  if (times.get(id) === not_before) return false;
  times.set(id, not_before);
  return true;
}

const raise = (times: Map<string, number>, id: string, not_before: number): void =>
  void times.set(id, Math.max(times.get(id) ?? 0, not_before));
