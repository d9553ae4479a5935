/** What infra/ gives the function that verifies imported secrets. */
export interface ImportedSecretsEnvironment {
  /** Name of the table of clients, resource servers and signing keys. */
  readonly REGISTRY_TABLE: string;
}
