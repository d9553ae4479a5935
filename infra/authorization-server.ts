import { Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, type ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SigningAlgorithmName } from '../functions/aws/signing-algorithms.ts';
import { AccessLoggedStage } from './access-logged-stage.ts';
import { discoveryFunction } from './discovery-function.ts';
import { KeyRotation } from './key-rotation.ts';
import { checkAccessTokenLifetime, checkIssuer } from './setting-checks.ts';
import { type SigningProps, signingSettings } from './signing-settings.ts';
import { ephemeraTable, registryTable } from './tables.ts';
import { tokenFunction } from './token-function.ts';

/** How an AuthorizationServer may differ from the default. */
export interface AuthorizationServerProps extends SigningProps {
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
  /**
   * Hears of it when the key rotation fails or is late.
   * @default nowhere: its alarms can be seen in CloudWatch alone
   */
  readonly alarmTopic?: ITopic;
}

/**
 * An OAuth 2.0 authorization server for machines: `/token`, both metadata documents and the JWK
 * Set, on an HTTP API of its own.
 */
export class AuthorizationServer extends Construct {
  /** The issuer identifier, without a trailing slash; a token when it is the API's own URL. */
  readonly issuer: string;
  /**
   * What its access tokens may be signed with, now or after a change that the settings foresee:
   * for the `algorithms` of an AccessTokenAuthorizer.
   */
  readonly algorithms: readonly SigningAlgorithmName[];
  /** Clients, resource servers and the key ring. Outlives the stack, as the keys do. */
  readonly registry: TableV2;
  /** What expires by itself. Gone with the stack. */
  readonly ephemera: TableV2;
  readonly keyRotation: KeyRotation;
  readonly httpApi: HttpApi;
  readonly stage: AccessLoggedStage;
  readonly tokenFunction: LambdaFunction;
  readonly discoveryFunction: LambdaFunction;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AuthorizationServerProps = {}) {
    super(scope, id);
    const lifetime = props.accessTokenLifetime ?? Duration.hours(1);
    const accessTokenLifetime = checkAccessTokenLifetime(lifetime.toSeconds());
    const signing = signingSettings(props);
    this.algorithms = signing.algorithms;
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: `${Stack.of(this).stackName}-authorization-server`,
      createDefaultStage: false,
    });
    this.issuer = issuerOf(props, this.httpApi);
    this.registry = registryTable(this, 'Registry');
    this.ephemera = ephemeraTable(this, 'Ephemera');
    const { issuer, registry, ephemera } = this;
    const { alarmTopic, throttle = { rateLimit: 500, burstLimit: 500 } } = props;
    this.keyRotation = new KeyRotation(this, 'KeyRotation', { registry, signing, alarmTopic });
    const token = { issuer, registry, ephemera, signing, accessTokenLifetime };
    this.tokenFunction = tokenFunction(this, 'TokenFunction', token);
    this.discoveryFunction = discoveryFunction(this, 'DiscoveryFunction', { issuer, registry });
    this.#addRoutes();
    this.stage = new AccessLoggedStage(this, 'Stage', { httpApi: this.httpApi, throttle });
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
