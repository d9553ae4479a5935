import type { ProfileName } from '../oauth/profile.ts';
import type { AuthorizationEndpointStub } from './metadata.ts';

/** What infra/ gives the discovery function. */
export interface DiscoveryEnvironment {
  /** The issuer identifier, without a trailing slash. */
  readonly ISSUER: string;
  /** The origin at which clients are asked for a certificate (RFC 8705 §5), or `none`. */
  readonly MTLS_ORIGIN: string;
  /** What is demanded beyond the standards themselves; see oauth/profile.ts. */
  readonly PROFILE: ProfileName;
  /** Which documents name an authorization endpoint, which then refuses everything. */
  readonly AUTHORIZATION_ENDPOINT: AuthorizationEndpointStub;
  /** Name of the table that has the key ring. */
  readonly REGISTRY_TABLE: string;
}
