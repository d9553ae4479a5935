import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { KeyRotation } from '../key-rotation/key-rotation.ts';
import {
  type AuthorizationEndpointStub,
  stubName,
} from '../settings/choices/authorization-endpoint-stub.ts';
import type { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { type CorsProps, corsOrigins } from '../settings/cors-settings.ts';
import { addresses, type DomainProps, type DomainSettings } from '../settings/domain-settings.ts';
import { type IssuanceProps, issuanceSettings } from '../settings/issuance-settings.ts';
import { nameInStack } from '../settings/physical-name.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';
import {
  type SecurityProps,
  type SecuritySettings,
  securitySettings,
} from '../settings/security-settings.ts';
import {
  acceptedAlgorithms,
  type SigningProps,
  signingSettings,
} from '../settings/signing-settings.ts';
import { type ThrottleProps, throttleSettings } from '../settings/throttle-settings.ts';
import { AccessLoggedStage } from './access-logged-stage.ts';
import { CustomDomain } from './custom-domain.ts';
import { DiscoveryFunction } from './discovery-function.ts';
import { addRoutes } from './routes.ts';
import { EphemeraTable, RegistryTable } from './tables.ts';
import { TokenFunction } from './token-function.ts';

/**
 * How an AuthorizationServer may differ from the default.
 *
 * @example
 * ```ts
 * import { Duration } from 'aws-cdk-lib';
 * import { type AuthorizationServerProps, SigningAlgorithm } from './countersign/infra/index.ts';
 *
 * const props: AuthorizationServerProps = {
 *   issuer: 'https://auth.example.com',
 *   accessTokenLifetime: Duration.minutes(10),
 *   signingAlgorithm: SigningAlgorithm.ES256,
 * };
 * ```
 */
export interface AuthorizationServerProps
  extends CorsProps,
    DomainProps,
    IssuanceProps,
    SecurityProps,
    SigningProps,
    ThrottleProps {
  /**
   * Hears of it when the key rotation fails or is late.
   * @default nowhere: its alarms can be seen in CloudWatch alone
   */
  readonly alarmTopic?: ITopic;
  /**
   * Which metadata name an authorization endpoint, `/authorize`, that answers everybody with an error.
   * There is no use for it here, but OpenID Connect Discovery demands it, and clients refuse a document
   * without it.
   * @default AuthorizationEndpointStub.OPENID
   */
  readonly authorizationEndpointStub?: AuthorizationEndpointStub;
}

/**
 * An OAuth 2.0 authorization server for machines: `/token`, both metadata documents and the JWK
 * Set, on an HTTP API of its own.
 *
 * @example
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer } from './countersign/infra/index.ts';
 *
 * const stack = new Stack(new App(), 'Identity');
 * new AuthorizationServer(stack, 'AuthorizationServer');
 * ```
 */
export class AuthorizationServer extends Construct {
  /** The issuer identifier, without a trailing slash; a token when it is the API's own URL. */
  readonly issuer: string;
  /** The origin at which clients show a certificate; absent: there is none. */
  readonly mtlsOrigin: string | undefined;
  /**
   * What its access tokens may be signed with, now or after a change that the settings foresee:
   * for the `algorithms` of an AccessTokenAuthorizer.
   */
  readonly algorithms: SigningAlgorithm[];
  /** What it demands of its clients beyond the defaults. */
  readonly security: SecuritySettings;
  /** Clients, resource servers and the key ring. Outlives the stack, as the keys do. */
  readonly registry: RegistryTable;
  /** What expires by itself. Gone with the stack. */
  readonly ephemera: EphemeraTable;
  readonly keyRotation: KeyRotation;
  readonly httpApi: HttpApi;
  /** The HTTP API's own URL; absent: it does not work. */
  readonly apiEndpoint: string | undefined;
  readonly stage: AccessLoggedStage;
  /** The custom domain of `issuer`, if it was to be made. */
  readonly issuerDomain: CustomDomain | undefined;
  /** The custom domain of `mtlsOrigin`, likewise. */
  readonly mtlsDomain: CustomDomain | undefined;
  readonly tokenFunction: LambdaFunction;
  readonly discoveryFunction: LambdaFunction;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AuthorizationServerProps = {}) {
    super(checkSameCdk(scope), id);
    const { issuance, signing, throttles, issuerDomain, mtlsDomain, ...origins } = settings(props);
    const { replacesIssuer } = origins;
    this.security = securitySettings(props);
    this.algorithms = acceptedAlgorithms(signing, this.security.profile);
    this.httpApi = newHttpApi(this, mtlsDomain);
    this.apiEndpoint = mtlsDomain ? undefined : this.httpApi.apiEndpoint;
    this.issuer = origins.issuer ?? this.httpApi.apiEndpoint;
    this.mtlsOrigin = origins.mtlsOrigin;
    this.registry = new RegistryTable(this, 'Registry');
    this.ephemera = new EphemeraTable(this, 'Ephemera');
    const { httpApi, registry } = this;
    const authorizationEndpoint = stubName(props.authorizationEndpointStub);
    const { alarmTopic } = props;
    this.keyRotation = new KeyRotation(this, 'KeyRotation', {
      ...{ registry, signing, alarmTopic },
      ...{ issuer: this.issuer, replacesIssuer },
    });
    this.tokenFunction = new TokenFunction(this, 'TokenFunction', {
      ...this.#parts(),
      issuance,
      corsOrigins: corsOrigins(props),
    });
    this.discoveryFunction = new DiscoveryFunction(this, 'DiscoveryFunction', {
      ...this.#parts(),
      authorizationEndpoint,
    });
    this.keyRotation.changeBefore(this.tokenFunction);
    this.keyRotation.changeBefore(this.discoveryFunction);
    const tokenRoutes = addRoutes(httpApi, {
      tokens: this.tokenFunction,
      documents: this.discoveryFunction,
      hasAuthorizationEndpoint: authorizationEndpoint !== 'none',
    });
    this.stage = new AccessLoggedStage(this, 'Stage', { httpApi, throttle: throttles.throttle });
    for (const route of tokenRoutes) this.stage.throttle(route, throttles.tokenThrottle);
    this.issuerDomain = this.#customDomain('IssuerDomain', issuerDomain);
    this.mtlsDomain = this.#customDomain('MtlsDomain', mtlsDomain);
  }

  /** What both functions are made of. */
  #parts() {
    const { issuer, mtlsOrigin, registry, ephemera, security, keyRotation } = this;
    return { issuer, mtlsOrigin, registry, ephemera, security, keyRotation };
  }

  #customDomain(id: string, domain: DomainSettings | undefined): CustomDomain | undefined {
    const { httpApi, stage } = this;
    return domain && new CustomDomain(this, id, { ...domain, httpApi, stage: stage.stage });
  }
}

function settings(props: AuthorizationServerProps) {
  const [issuance, signing] = [issuanceSettings(props), signingSettings(props)];
  return { issuance, signing, throttles: throttleSettings(props), ...addresses(props) };
}

/** Its own URL asks for no certificate: it would be a way around a domain that does. */
function newHttpApi(scope: Construct, mtlsDomain: DomainSettings | undefined): HttpApi {
  return new HttpApi(scope, 'HttpApi', {
    apiName: nameInStack(scope, '-authorization-server'),
    createDefaultStage: false,
    ...(mtlsDomain && { disableExecuteApiEndpoint: true }),
  });
}
