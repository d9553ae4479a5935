import type { Construct } from 'constructs';
import type { AuthorizationEndpointStub } from '../../functions/discovery/metadata.ts';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import type { IssuanceSettings } from '../settings/issuance-settings.ts';
import type { SecuritySettings } from '../settings/security-settings.ts';
import { DiscoveryFunction } from './discovery-function.ts';
import type { EphemeraTable, RegistryTable, RevocationsTable } from './tables.ts';
import { TokenFunction } from './token-function.ts';

/** What the functions of a server's paths work with. */
export interface ServerParts {
  readonly issuer: string;
  readonly mtlsOrigin: string | undefined;
  readonly registry: RegistryTable;
  readonly ephemera: EphemeraTable;
  readonly revocations: RevocationsTable;
  readonly security: SecuritySettings;
  readonly issuance: IssuanceSettings;
  readonly keyRotation: KeyRotation;
  /** Origins of pages whose scripts may read the answers. */
  readonly corsOrigins: readonly string[];
  readonly authorizationEndpoint: AuthorizationEndpointStub;
}

/** The functions of a server's paths. */
export interface ServerFunctions {
  /** Issues access tokens. */
  readonly token: TokenFunction;
  /** Publishes the metadata and the JWK Set. */
  readonly discovery: DiscoveryFunction;
}

/** Makes these functions. A change of the issuer that the key ring refuses reaches none of them. */
export function serverFunctions(scope: Construct, parts: ServerParts): ServerFunctions {
  const functions = {
    token: new TokenFunction(scope, 'TokenFunction', parts),
    discovery: new DiscoveryFunction(scope, 'DiscoveryFunction', parts),
  };
  for (const changed of Object.values(functions)) parts.keyRotation.changeBefore(changed);
  return functions;
}
