import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ClientEndpointEnvironment } from '../../functions/authentication/environment.ts';
import type { IssuanceSettings } from '../settings/issuance-settings.ts';
import type { SecuritySettings } from '../settings/security-settings.ts';
import type { ImportedSecretsFunction } from './imported-secrets-function.ts';
import type { EphemeraTable } from './tables.ts';

/** What each path works with at which clients authenticate. */
export interface ClientEndpointProps {
  readonly issuer: string;
  readonly mtlsOrigin: string | undefined;
  readonly registry: ITable;
  readonly ephemera: EphemeraTable;
  readonly revocations: ITable;
  readonly importedSecrets: ImportedSecretsFunction;
  readonly security: SecuritySettings;
  readonly issuance: IssuanceSettings;
  /** Origins of pages whose scripts may read the answers. */
  readonly corsOrigins: readonly string[];
}

/**
 * Enough for nine calls of AWS that each time out once (functions/aws/sdk-settings.ts), two documents of
 * others, and giving back what was used up. Less than the 30 seconds that an HTTP API waits, so that
 * clients get the function's own 503, which it gives shortly before Lambda would end it.
 */
export const clientEndpointTimeout = Duration.seconds(20);

/** Writes that into the environment of a function. */
export const clientEndpointEnvironment = (props: ClientEndpointProps) =>
  ({
    ISSUER: props.issuer,
    MTLS_ORIGIN: props.mtlsOrigin ?? 'none',
    PROFILE: props.security.profile,
    ASSERTION_MAX_LIFETIME: String(props.security.assertionMaxLifetime),
    DPOP_NONCE: props.security.dpopNonce,
    CLIENT_SECRET_METHOD: props.security.strictClientSecretMethod ? 'registered' : 'any',
    CORS_ORIGINS: props.corsOrigins.join(' ') || 'none',
    REGISTRY_TABLE: props.registry.tableName,
    EPHEMERA_TABLE: props.ephemera.tableName,
    REVOCATIONS_TABLE: props.revocations.tableName,
    IMPORTED_SECRETS_FUNCTION: props.importedSecrets.functionArn,
    CLIENT_CACHE: String(props.issuance.clientCache),
  }) satisfies ClientEndpointEnvironment & { readonly REVOCATIONS_TABLE: string };

/** Lets a function authenticate clients. */
export function grantAuthenticate(
  to: LambdaFunction,
  { registry, ephemera, importedSecrets, security }: ClientEndpointProps,
): void {
  registry.grant(to, 'dynamodb:GetItem');
  importedSecrets.grantAsk(to);
  // Failed attempts are counted by updates; assertions and proofs that count once are put.
  ephemera.grant(to, 'dynamodb:UpdateItem', 'dynamodb:PutItem');
  // Where what was asked for fails, they are given back: the client is told to send the same again.
  ephemera.grantGiveBack(to);
  if (security.dpopNonce !== 'off') ephemera.grantReadNonceKeys(to);
}
