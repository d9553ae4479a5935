import type { Revoked } from '../../oauth/revoked.ts';

/** What was taken back, as far as it is known here. */
export interface KnownRevocations {
  readonly revoked: Revoked;
  /** Whether it is older than anything may be here, and counts all the same since the deployment says so. */
  readonly isStale: boolean;
}

/** How an authorizer knows what was taken back. */
export interface Revocations {
  /** @throws RetryLater 503 when that is not known, and nobody may get in without */
  current(): Promise<KnownRevocations>;
}

/** Nothing was taken back. */
export const nothingRevoked: Revoked = {
  clients: new Map(),
  resources: new Map(),
  keys: new Set(),
  tokens: new Set(),
  statusLists: new Map(),
};

const nothing = Promise.resolve({ revoked: nothingRevoked, isStale: false });

/** For an authorizer that does not ask: each token is good until it expires. */
export const noRevocations: Revocations = { current: () => nothing };
