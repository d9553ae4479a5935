/** What infra/ gives the discovery function. */
export interface DiscoveryEnvironment {
  /** The issuer identifier, without a trailing slash. */
  readonly ISSUER: string;
  /** Key id or ARN of the KMS key that signs. */
  readonly SIGNING_KEY_ID: string;
}
