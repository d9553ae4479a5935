/** What infra/ gives the administration function. */
export interface AdministrationEnvironment {
  /** The issuer identifier. */
  readonly ISSUER: string;
  /** The origin at which clients show a certificate, or `none`. */
  readonly MTLS_ORIGIN: string;
  /** Name of the table that has the clients and resource servers. */
  readonly REGISTRY_TABLE: string;
  /** Name of the table of what expires by itself. */
  readonly EPHEMERA_TABLE: string;
  /** Name of the table of revocations. */
  readonly REVOCATIONS_TABLE: string;
  /** Seconds before the end of a client's last secret from which on it is counted. */
  readonly EXPIRY_WARNING: string;
  /** What the metrics are told apart by: the path of the server, with the name of its stack. */
  readonly DEPLOYMENT: string;
}
