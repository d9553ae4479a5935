import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { DiscoveryEnvironment } from '../../functions/discovery/environment.ts';
import type { AuthorizationEndpointStub } from '../../functions/discovery/metadata.ts';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import { NodeFunction } from '../node-function.ts';
import type { SecuritySettings } from '../settings/security-settings.ts';

/** What the metadata and the JWK Set are made of. */
export interface DiscoveryFunctionProps {
  readonly issuer: string;
  readonly mtlsOrigin: string | undefined;
  readonly registry: ITable;
  readonly security: SecuritySettings;
  readonly keyRotation: KeyRotation;
  readonly authorizationEndpoint: AuthorizationEndpointStub;
}

/** The function that publishes the metadata and the JWK Set. */
export class DiscoveryFunction extends NodeFunction {
  constructor(scope: Construct, id: string, props: DiscoveryFunctionProps) {
    super(scope, id, {
      description: 'Countersign: metadata and JWK Set',
      entry: 'discovery/index',
      environment: {
        ISSUER: props.issuer,
        MTLS_ORIGIN: props.mtlsOrigin ?? 'none',
        PROFILE: props.security.profile,
        AUTHORIZATION_ENDPOINT: props.authorizationEndpoint,
        REGISTRY_TABLE: props.registry.tableName,
      } satisfies DiscoveryEnvironment,
    });
    props.keyRotation.grantReadKeyRing(this);
  }
}
