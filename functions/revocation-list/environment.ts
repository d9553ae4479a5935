/** What infra/ gives the function that publishes what was taken back. */
export interface RevocationListEnvironment {
  /** The issuer identifier, without a trailing slash. */
  readonly ISSUER: string;
  /** Name of the table that has the key ring. */
  readonly REGISTRY_TABLE: string;
  /** Name of the table of revocations. */
  readonly REVOCATIONS_TABLE: string;
}
