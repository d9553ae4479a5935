import type { NonceMode } from '../oauth/dpop-nonce.ts';
import type { AuthorizerEnvironment } from './environment.ts';

/** What infra/ gives an authorizer, or a guard, that takes tokens bound to a key or a certificate. */
export interface BoundTokenEnvironment extends AuthorizerEnvironment {
  /** Where clients reach the API: what the `htu` of their DPoP proofs begins with, no slash at its end. */
  readonly PUBLIC_URL: string;
  /** Whether tokens that are bound to nothing are let in beside them. */
  readonly BOUND_TOKENS: 'accepted' | 'required';
  /** Space-delimited JOSE algorithm names that a DPoP proof may be signed with. */
  readonly DPOP_ALGORITHMS: string;
  /** Whether a DPoP proof must have a nonce of this API (RFC 9449 §9). */
  readonly DPOP_NONCE: NonceMode;
  /** Name of the table that stores used proofs and the keys of nonces. */
  readonly EPHEMERA_TABLE: string;
}
