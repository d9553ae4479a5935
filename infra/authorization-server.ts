import { Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, type ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { DiscoveryEnvironment } from '../functions/discovery/environment.ts';
import type { TokenEnvironment } from '../functions/token/environment.ts';
import { AccessLoggedStage } from './access-logged-stage.ts';
import { checkAccessTokenLifetime, checkIssuer } from './configuration.ts';
import { nodeFunction } from './node-function.ts';
import { signingKey } from './signing-key.ts';
import { ephemeraTable, registryTable } from './tables.ts';

/** How an AuthorizationServer may differ from the default. */
export interface AuthorizationServerProps {
  /**
   * The issuer identifier: the origin of an https URL, without a trailing slash. Whoever sets it
   * makes it lead to the HTTP API, by a custom domain.
   * @default the HTTP API's own URL
   */
  readonly issuer?: string;
  /**
   * How long an access token lives where neither its client nor its resource server says:
   * 60 seconds to a day.
   * @default Duration.hours(1)
   */
  readonly accessTokenLifetime?: Duration;
  /**
   * Beyond it API Gateway answers 429. KMS signs 1,000 times a second for a whole account and
   * Region; the default leaves half of that to others.
   * @default 500 requests a second, in bursts of up to 500
   */
  readonly throttle?: ThrottleSettings;
}

/**
 * An OAuth 2.0 authorization server for machines: `/token`, both metadata documents and the JWK
 * Set, on an HTTP API of its own.
 */
export class AuthorizationServer extends Construct {
  /** The issuer identifier, without a trailing slash; a token when it is the API's own URL. */
  readonly issuer: string;
  /** Clients and resource servers. Outlives the stack. */
  readonly registry: TableV2;
  /** What expires by itself. Gone with the stack. */
  readonly ephemera: TableV2;
  /** Signs access tokens, RS256. Outlives the stack: what it has signed must stay verifiable. */
  readonly signingKey: Key;
  readonly httpApi: HttpApi;
  readonly stage: AccessLoggedStage;
  readonly tokenFunction: LambdaFunction;
  readonly discoveryFunction: LambdaFunction;

  constructor(scope: Construct, id: string, props: AuthorizationServerProps = {}) {
    super(scope, id);
    const lifetime = props.accessTokenLifetime ?? Duration.hours(1);
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: `${Stack.of(this).stackName}-authorization-server`,
      createDefaultStage: false,
    });
    this.issuer = issuerOf(props, this.httpApi);
    this.registry = registryTable(this, 'Registry');
    this.ephemera = ephemeraTable(this, 'Ephemera');
    this.signingKey = signingKey(this, 'SigningKey');
    this.tokenFunction = this.#tokenFunction(checkAccessTokenLifetime(lifetime.toSeconds()));
    this.discoveryFunction = this.#discoveryFunction();
    this.#addRoutes();
    this.stage = new AccessLoggedStage(this, 'Stage', {
      httpApi: this.httpApi,
      throttle: props.throttle ?? { rateLimit: 500, burstLimit: 500 },
    });
  }

  #tokenFunction(accessTokenLifetime: number): LambdaFunction {
    const token = nodeFunction(this, 'TokenFunction', {
      description: 'Countersign: POST /token',
      folder: 'token',
      environment: {
        ISSUER: this.issuer,
        REGISTRY_TABLE: this.registry.tableName,
        EPHEMERA_TABLE: this.ephemera.tableName,
        SIGNING_KEY_ID: this.signingKey.keyId,
        ACCESS_TOKEN_LIFETIME: String(accessTokenLifetime),
      } satisfies TokenEnvironment,
    });
    this.registry.grant(token, 'dynamodb:GetItem');
    this.ephemera.grant(token, 'dynamodb:UpdateItem');
    this.signingKey.grant(token, 'kms:GetPublicKey');
    token.addToRolePolicy(
      new PolicyStatement({
        actions: ['kms:Sign'],
        resources: [this.signingKey.keyArn],
        conditions: {
          StringEquals: {
            'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256',
            'kms:MessageType': 'DIGEST',
          },
        },
      }),
    );
    return token;
  }

  #discoveryFunction(): LambdaFunction {
    const discovery = nodeFunction(this, 'DiscoveryFunction', {
      description: 'Countersign: metadata and JWK Set',
      folder: 'discovery',
      environment: {
        ISSUER: this.issuer,
        SIGNING_KEY_ID: this.signingKey.keyId,
      } satisfies DiscoveryEnvironment,
    });
    this.signingKey.grant(discovery, 'kms:GetPublicKey');
    return discovery;
  }

  /** Any method, so that the functions answer a wrong one with a proper 405. */
  #addRoutes(): void {
    const token = new HttpLambdaIntegration('Token', this.tokenFunction);
    const discovery = new HttpLambdaIntegration('Discovery', this.discoveryFunction);
    const routes = [
      { path: '/token', integration: token },
      { path: '/.well-known/oauth-authorization-server', integration: discovery },
      { path: '/.well-known/openid-configuration', integration: discovery },
      { path: '/.well-known/jwks.json', integration: discovery },
    ];
    for (const { path, integration } of routes) {
      const added = this.httpApi.addRoutes({ path, methods: [HttpMethod.ANY], integration });
      for (const route of added) Validations.of(route).acknowledge(publicEndpoint);
    }
  }
}

const publicEndpoint = {
  id: 'AwsSolutions-APIG4',
  reason:
    'The token endpoint authenticates the client itself (RFC 6749 §3.2.1); metadata and JWK Set are public (RFC 8414 §3).',
};

function issuerOf(props: AuthorizationServerProps, httpApi: HttpApi): string {
  const issuer = props.issuer ?? httpApi.apiEndpoint;
  return Token.isUnresolved(issuer) ? issuer : checkIssuer(issuer);
}
