import type { ClientEndpointEnvironment } from '../authentication/environment.ts';

/** What infra/ gives the token function. */
export interface TokenEnvironment extends ClientEndpointEnvironment {
  /** Name of the table of revocations, which has the count of tokens, too. */
  readonly REVOCATIONS_TABLE: string;
  /** Seconds within which the same request may get the same token; 0: it never does. */
  readonly TOKEN_REUSE: string;
  /** The owner's hook, a file in the folder claims-hook beside the bundle, which has what runs it; or `none`. */
  readonly CLAIMS_HOOK: string;
  /** Milliseconds that it may take. */
  readonly CLAIMS_HOOK_TIMEOUT: string;
  /** Seconds that an access token lives where neither client nor resource server says. */
  readonly ACCESS_TOKEN_LIFETIME: string;
}
