import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { TokenEnvironment } from '../../functions/token/environment.ts';
import type { KeyRotation } from '../key-rotation/key-rotation.ts';
import { NodeFunction } from '../node-function.ts';
import type { IssuanceSettings } from '../settings/issuance-settings.ts';
import type { SecuritySettings } from '../settings/security-settings.ts';
import { revocationsAccess } from './revocations-access.ts';
import type { EphemeraTable, RevocationsTable } from './tables.ts';

/** What POST /token works with. */
export interface TokenFunctionProps {
  readonly issuer: string;
  readonly mtlsOrigin: string | undefined;
  readonly registry: ITable;
  readonly ephemera: EphemeraTable;
  readonly revocations: RevocationsTable;
  readonly security: SecuritySettings;
  readonly issuance: IssuanceSettings;
  readonly keyRotation: KeyRotation;
  /** Origins of pages whose scripts may read the answers. */
  readonly corsOrigins: readonly string[];
}

/** The function that issues access tokens. */
export class TokenFunction extends NodeFunction {
  constructor(scope: Construct, id: string, props: TokenFunctionProps) {
    const { registry, ephemera, revocations, security, keyRotation } = props;
    super(scope, id, {
      description: 'Countersign: POST /token',
      entry: 'token/index',
      timeout,
      environment: environment(props),
    });
    registry.grant(this, 'dynamodb:GetItem');
    // Failed attempts are counted by updates; assertions and proofs that count once are put.
    ephemera.grant(this, 'dynamodb:UpdateItem', 'dynamodb:PutItem');
    // Where the signature fails, they are given back: the client is told to send the same again.
    ephemera.grantGiveBack(this);
    this.addToRolePolicy(revocationsAccess.number(revocations.tableArn));
    if (security.dpopNonce !== 'off') ephemera.grantReadNonceKeys(this);
    keyRotation.grantSign(this);
  }
}

/**
 * Enough for nine calls of AWS that each time out once (functions/aws/sdk-settings.ts), two documents of
 * others, and giving back what was used up. Less than the 30 seconds that an HTTP API waits, so that
 * clients get the function's own 503, which it gives shortly before Lambda would end it.
 */
const timeout = Duration.seconds(20);

const environment = (props: TokenFunctionProps) =>
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
    CLIENT_CACHE: String(props.issuance.clientCache),
    TOKEN_REUSE: String(props.issuance.tokenReuse),
    ACCESS_TOKEN_LIFETIME: String(props.issuance.accessTokenLifetime),
  }) satisfies TokenEnvironment;
