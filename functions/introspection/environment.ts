import type { ClientEndpointEnvironment } from '../authentication/environment.ts';

/** What infra/ gives the introspection function. */
export interface IntrospectionEnvironment extends ClientEndpointEnvironment {
  /** Name of the table of revocations. */
  readonly REVOCATIONS_TABLE: string;
}
