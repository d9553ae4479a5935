import type { CustomClaims, Json } from '../oauth/custom-claims.ts';

/** The client that a token is for, without anything by which it authenticates. */
export interface ClaimsHookClient {
  readonly client_id: string;
  readonly client_name: string;
  /** How it has authenticated, such as `client_secret_basic` or `private_key_jwt`. */
  readonly token_endpoint_auth_method: string;
  /** Its own claims, which are in the token already. */
  readonly claims: CustomClaims;
}

/** The token that was decided on. */
export interface ClaimsHookRequest {
  /** The identifier of its resource server, which is the `aud` of the token. */
  readonly resource: string;
  /** The scope-tokens that were granted. */
  readonly scope: readonly string[];
  readonly grant_type: string;
  /**
   * What the token is bound to: the key of a DPoP proof (`jkt`), a certificate (`x5t#S256`), or both.
   * @default it is a bearer token
   */
  readonly cnf?: { readonly jkt?: string; readonly 'x5t#S256'?: string } | undefined;
}

/** A client that gets no token, and the sentence that it is told: plain ASCII, and nothing secret. */
export interface ClaimsRefusal {
  readonly refuse: string;
}

/**
 * What a hook answers: claims that are added to the token, `{}` for none, or a refusal. A claim that is undefined is a
 * wrong answer; its type lets it pass, since compilers add such members to the branches of a conditional expression.
 */
export type ClaimsHookAnswer = { readonly [name: string]: Json | undefined } | ClaimsRefusal;

/**
 * What an owner has the token function ask for the claims of each token. A hook that throws, takes too long, or answers
 * anything else has the client told to try again later.
 * @example
 * import type { ClaimsHook } from 'countersign/testing';
 *
 * const hook: ClaimsHook = ({ client_id }, { scope }) =>
 *   scope.includes('admin') && !client_id.startsWith('ops-')
 *     ? { refuse: 'admin is for operators' }
 *     : { tenant: client_id.split('-', 1)[0] ?? 'none' };
 * export default hook;
 */
export type ClaimsHook = (
  client: ClaimsHookClient,
  request: ClaimsHookRequest,
) => ClaimsHookAnswer | Promise<ClaimsHookAnswer>;

/** What came of a hook: claims, a sentence for the client, or for the log what went wrong. */
export type HookOutcome =
  | { readonly claims: CustomClaims }
  | { readonly refused: string }
  | { readonly failed: string };

/** What a hook is asked about. */
export interface HookArguments {
  readonly client: ClaimsHookClient;
  readonly request: ClaimsHookRequest;
}
