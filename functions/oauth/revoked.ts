import { isInvalid, type StatusPlace } from './status-list.ts';

/** All that an issuer has taken back and not yet forgotten, in the form in which tokens are looked up. */
export interface Revoked {
  /** client_id -> NumericDate: its tokens that were issued before are refused. */
  readonly clients: ReadonlyMap<string, number>;
  /** Identifier of a resource server -> the same for the tokens for it. */
  readonly resources: ReadonlyMap<string, number>;
  /** kid */
  readonly keys: ReadonlySet<string>;
  /** jti of tokens that have no place in a status list. */
  readonly tokens: ReadonlySet<string>;
  /** URI -> list, of each list in which a token is invalid. */
  readonly statusLists: ReadonlyMap<string, Uint8Array>;
}

/** What of a verified access token decides whether it was taken back. */
export interface RevocableToken {
  readonly client_id: string;
  readonly aud: readonly string[];
  readonly jti: string;
  /** NumericDate. */
  readonly iat: number;
  readonly kid: string;
  readonly status: StatusPlace | undefined;
}

/** Says why a token is refused, for the log; undefined: nobody has taken it back. */
export function whyRevoked(token: RevocableToken, revoked: Revoked): string | undefined {
  if (revoked.keys.has(token.kid)) return 'its key was revoked';
  if (isBefore(token.iat, revoked.clients.get(token.client_id)))
    return 'the tokens of its client were revoked';
  if (token.aud.some((aud) => isBefore(token.iat, revoked.resources.get(aud))))
    return 'the tokens for its audience were revoked';
  return isRevokedItself(token, revoked) ? 'it was revoked' : undefined;
}

const isBefore = (iat: number, not_before: number | undefined): boolean =>
  not_before !== undefined && iat < not_before;

function isRevokedItself({ jti, status }: RevocableToken, revoked: Revoked): boolean {
  if (revoked.tokens.has(jti)) return true;
  const list = status && revoked.statusLists.get(status.uri);
  return list !== undefined && status !== undefined && isInvalid(list, status.idx);
}
