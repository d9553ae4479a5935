import type { ClientEndpointEnvironment } from '../authentication/environment.ts';

/** What infra/ gives the revocation function. */
export interface RevocationEnvironment extends ClientEndpointEnvironment {
  /** Name of the table of revocations. */
  readonly REVOCATIONS_TABLE: string;
}
