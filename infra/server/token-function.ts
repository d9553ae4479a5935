import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  type SigningAlgorithm,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import type { TokenEnvironment } from '../../functions/token/environment.ts';
import { nodeFunction } from '../bundling/node-function.ts';
import { allowOnKeys, keyOf } from '../key-rotation/key-access.ts';
import { allowUnwrapping } from '../key-rotation/wrapping-key.ts';
import type { IssuanceSettings } from '../settings/issuance-settings.ts';
import type { SecuritySettings } from '../settings/security-settings.ts';
import type { SigningSettings } from '../settings/signing-settings.ts';
import { allowNonceKeys } from './nonce-keys.ts';

/** What POST /token works with. */
export interface TokenFunctionProps {
  readonly issuer: string;
  readonly mtlsOrigin: string | undefined;
  readonly registry: ITable;
  readonly ephemera: ITable;
  readonly security: SecuritySettings;
  readonly signing: SigningSettings;
  /** What new private keys are wrapped with; absent: they never leave KMS. */
  readonly wrappingKey: IKey | undefined;
  readonly issuance: IssuanceSettings;
}

/** Makes the function that issues access tokens. */
export function tokenFunction(
  scope: Construct,
  id: string,
  props: TokenFunctionProps,
): LambdaFunction {
  const { issuer, mtlsOrigin, registry, ephemera, security, signing, issuance } = props;
  const token = nodeFunction(scope, id, {
    description: 'Countersign: POST /token',
    entry: 'token/index',
    // Nine calls of AWS at most, and two documents of others: see functions/aws/sdk-settings.ts.
    timeout: Duration.seconds(20),
    environment: {
      ISSUER: issuer,
      MTLS_ORIGIN: mtlsOrigin ?? 'none',
      PROFILE: security.profile,
      DPOP_NONCE: security.dpopNonce,
      CLIENT_SECRET_METHOD: security.strictClientSecretMethod ? 'registered' : 'any',
      REGISTRY_TABLE: registry.tableName,
      EPHEMERA_TABLE: ephemera.tableName,
      CLIENT_SECRET_METHOD: 'any',
      CLIENT_CACHE: String(issuance.clientCache),
      TOKEN_REUSE: String(issuance.tokenReuse),
      ACCESS_TOKEN_LIFETIME: String(issuance.accessTokenLifetime),
    } satisfies TokenEnvironment,
  });
  registry.grant(token, 'dynamodb:GetItem');
  // Counted attempts, and assertions and proofs that are good for one use.
  ephemera.grant(token, 'dynamodb:UpdateItem', 'dynamodb:PutItem');
  if (security.dpopNonce !== 'off') allowNonceKeys(token, ephemera);
  allowOnKeys(token, {
    actions: ['kms:Sign'],
    conditions: { StringEquals: { ...keyOf(registry), ...asIn(signing) } },
  });
  allowUnwrapping(token, registry, props.wrappingKey);
  return token;
}

/** The conditions of the ways to sign that the settings allow. */
function asIn({ algorithms }: SigningSettings): Readonly<Record<string, readonly string[]>> {
  const allowed: readonly SigningAlgorithm[] = algorithms.map((name) => signingAlgorithms[name]);
  return {
    'kms:SigningAlgorithm': distinct(allowed.map(({ SigningAlgorithm: name }) => name)),
    'kms:MessageType': distinct(allowed.map(({ MessageType }) => MessageType)),
  };
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];
