/** What infra/ gives the function that publishes the metadata of a protected resource. */
export interface ProtectedResourceEnvironment {
  /** The metadata, as JSON. */
  readonly METADATA: string;
}
