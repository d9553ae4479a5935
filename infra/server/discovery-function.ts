import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { DiscoveryEnvironment } from '../../functions/discovery/environment.ts';
import { nodeFunction } from '../bundling/node-function.ts';
import { allowOnKeyRing } from '../key-rotation/key-access.ts';
import type { SecuritySettings } from '../settings/security-settings.ts';

/** What the metadata and the JWK Set are made of. */
export interface DiscoveryFunctionProps {
  readonly issuer: string;
  readonly mtlsOrigin: string | undefined;
  readonly security: SecuritySettings;
  readonly authorizationEndpointStub: boolean;
  readonly registry: ITable;
}

/** Makes the function that publishes the metadata and the JWK Set. */
export function discoveryFunction(
  scope: Construct,
  id: string,
  { issuer, mtlsOrigin, security, authorizationEndpointStub, registry }: DiscoveryFunctionProps,
): LambdaFunction {
  const discovery = nodeFunction(scope, id, {
    description: 'Countersign: metadata and JWK Set',
    entry: 'discovery/index',
    environment: {
      ISSUER: issuer,
      MTLS_ORIGIN: mtlsOrigin ?? 'none',
      PROFILE: security.profile,
      AUTHORIZATION_ENDPOINT: authorizationEndpointStub ? 'stub' : 'none',
      REGISTRY_TABLE: registry.tableName,
    } satisfies DiscoveryEnvironment,
  });
  allowOnKeyRing(discovery, registry, 'dynamodb:GetItem');
  return discovery;
}
