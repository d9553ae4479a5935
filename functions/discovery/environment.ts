/** What infra/ gives the discovery function. */
export interface DiscoveryEnvironment {
  /** The issuer identifier, without a trailing slash. */
  readonly ISSUER: string;
  /** The origin at which clients are asked for a certificate (RFC 8705 §5), or `none`. */
  readonly MTLS_ORIGIN: string;
  /** Whether there is an authorization endpoint, which then refuses everything. */
  readonly AUTHORIZATION_ENDPOINT: 'stub' | 'none';
  /** Name of the table that has the key ring. */
  readonly REGISTRY_TABLE: string;
}
