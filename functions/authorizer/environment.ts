import type { RevocationCheckEnvironment } from './revocations/environment.ts';

/** What infra/ gives the authorizer function. */
export interface AuthorizerEnvironment extends RevocationCheckEnvironment {
  /** The issuer identifier whose tokens are accepted, to the byte. */
  readonly ISSUER: string;
  /** The resource server's identifier; the token's `aud` must contain it. */
  readonly AUDIENCE: string;
  /** Space-delimited JOSE algorithm names, such as `RS256`. */
  readonly ALGORITHMS: string;
  /** JSON: a list of ForeignIssuer, whose tokens get in too; or `none`. */
  readonly FOREIGN_ISSUERS: string;
  /**
   * JSON object: route key -> the scope-tokens that it needs, all of them. Or the name of a file that has it:
   * beside the bundle, and for a guard in `/opt/countersign`.
   */
  readonly ROUTES: string;
  /** The URL of the API's metadata (RFC 9728 §3), or `none`. */
  readonly RESOURCE_METADATA: string;
}

/** Reads RESOURCE_METADATA. */
export const metadataUrl = (variable: string): string | undefined =>
  variable === 'none' ? undefined : variable;
