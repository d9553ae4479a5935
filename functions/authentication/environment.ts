import type { NonceMode } from '../oauth/dpop-nonce.ts';
import type { ProfileName } from '../oauth/profile.ts';

/** What infra/ gives each function at which clients authenticate. */
export interface ClientEndpointEnvironment {
  /** The issuer identifier, without a trailing slash. */
  readonly ISSUER: string;
  /** The origin at which clients are asked for a certificate (RFC 8705 §5), or `none`. */
  readonly MTLS_ORIGIN: string;
  /** What is demanded beyond the standards themselves; see oauth/profile.ts. */
  readonly PROFILE: ProfileName;
  /** Seconds that an assertion may live which a client has signed itself (RFC 7523 §3 (4)). */
  readonly ASSERTION_MAX_LIFETIME: string;
  /** Whether a DPoP proof must have a nonce of this server (RFC 9449 §8). */
  readonly DPOP_NONCE: NonceMode;
  /**
   * Whether a client's secret may come by Basic or in the body, whichever it is registered for, or only as
   * registered.
   */
  readonly CLIENT_SECRET_METHOD: 'any' | 'registered';
  /** Origins of pages whose scripts may read the answers, separated by spaces; `none`; see http/cors.ts. */
  readonly CORS_ORIGINS: string;
  /** Name of the table of clients, resource servers and signing keys. */
  readonly REGISTRY_TABLE: string;
  /** Name of the table of short-lived items. */
  readonly EPHEMERA_TABLE: string;
  /** ARN of the function that verifies secrets by foreign hashes. */
  readonly IMPORTED_SECRETS_FUNCTION: string;
  /** Seconds that what was read of a client or a resource server holds; 0: for one request. */
  readonly CLIENT_CACHE: string;
}
