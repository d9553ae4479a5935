/** What infra/ gives the discovery function. */
export interface DiscoveryEnvironment {
  /** The issuer identifier, without a trailing slash. */
  readonly ISSUER: string;
  /** Name of the table that has the key ring. */
  readonly REGISTRY_TABLE: string;
}
