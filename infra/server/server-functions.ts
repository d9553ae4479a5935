import type { Construct } from 'constructs';
import type { AuthorizationEndpointStub } from '../../functions/discovery/metadata.ts';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import {
  AdministrationFunction,
  type AdministrationFunctionProps,
} from './administration-function.ts';
import type { ClientEndpointProps } from './client-endpoint.ts';
import { DiscoveryFunction } from './discovery-function.ts';
import { ImportedSecretsFunction } from './imported-secrets-function.ts';
import { IntrospectionFunction } from './introspection-function.ts';
import { RevocationFunction } from './revocation-function.ts';
import { RevocationListFunction } from './revocation-list-function.ts';
import { TokenFunction } from './token-function.ts';

/** What the functions of a server's paths work with. */
export interface ServerParts
  extends Omit<ClientEndpointProps, 'importedSecrets'>,
    Pick<AdministrationFunctionProps, 'expiryWarning' | 'deployment' | 'alarmTopic'> {
  readonly keyRotation: KeyRotation;
  readonly authorizationEndpoint: AuthorizationEndpointStub;
}

/** The functions of a server's paths. */
export interface ServerFunctions {
  /** Issues access tokens. */
  readonly token: TokenFunction;
  /** Publishes the metadata and the JWK Set. */
  readonly discovery: DiscoveryFunction;
  /** Takes back tokens that clients have. */
  readonly revocation: RevocationFunction;
  /** Tells resource servers of tokens. */
  readonly introspection: IntrospectionFunction;
  /** Publishes what was taken back. */
  readonly revocationList: RevocationListFunction;
  /** Registers the clients and resource servers of stacks. */
  readonly administration: AdministrationFunction;
  /** Verifies secrets by hashes of other systems. */
  readonly importedSecrets: ImportedSecretsFunction;
}

/** Makes these functions. A change of the issuer that the key ring refuses reaches none of them. */
export function serverFunctions(scope: Construct, parts: ServerParts): ServerFunctions {
  const importedSecrets = new ImportedSecretsFunction(scope, 'ImportedSecretsFunction', parts);
  const endpoint = { ...parts, importedSecrets };
  const functions = {
    token: new TokenFunction(scope, 'TokenFunction', endpoint),
    discovery: new DiscoveryFunction(scope, 'DiscoveryFunction', parts),
    revocation: new RevocationFunction(scope, 'RevocationFunction', endpoint),
    introspection: new IntrospectionFunction(scope, 'IntrospectionFunction', endpoint),
    revocationList: new RevocationListFunction(scope, 'RevocationListFunction', parts),
    administration: new AdministrationFunction(scope, 'ClientAdministration', parts),
  };
  for (const changed of Object.values(functions)) parts.keyRotation.changeBefore(changed);
  return { ...functions, importedSecrets };
}
