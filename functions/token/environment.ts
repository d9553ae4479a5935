/** What infra/ gives the token function. */
export interface TokenEnvironment {
  /** The issuer identifier, without a trailing slash. */
  readonly ISSUER: string;
  /** Name of the table of clients and resource servers. */
  readonly REGISTRY_TABLE: string;
  /** Name of the table of short-lived items. */
  readonly EPHEMERA_TABLE: string;
  /** Key id or ARN of the KMS key that signs. */
  readonly SIGNING_KEY_ID: string;
  /** Seconds that an access token lives where neither client nor resource server says. */
  readonly ACCESS_TOKEN_LIFETIME: string;
}
