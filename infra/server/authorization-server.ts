import type { DomainName, HttpApi, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { endpointPaths } from '../../functions/oauth/endpoint-paths.ts';
import { deploymentName } from '../deployment-name.ts';
import { KeyRotation } from '../key-rotation/key-rotation.ts';
import { stubName } from '../settings/choices/authorization-endpoint-stub.ts';
import { DpopNonce } from '../settings/choices/dpop-nonce.ts';
import { SecurityProfile } from '../settings/choices/security-profile.ts';
import type { SigningAlgorithm } from '../settings/choices/signing-algorithm.ts';
import { corsOrigins } from '../settings/cors-settings.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';
import { acceptedAlgorithms } from '../settings/signing-settings.ts';
import { AccessLoggedStage } from './access-logged-stage.ts';
import type { AuthorizationServerProps } from './authorization-server-props.ts';
import { customDomain } from './custom-domain.ts';
import { HistoryFunction } from './history-function.ts';
import { newHttpApi } from './http-api.ts';
import {
  type AuthorizationServerAttributes,
  type AuthorizationServerStackOptions,
  ImportedServer,
  stackOutputs,
} from './imported-server.ts';
import { MeteredServer } from './metered-server.ts';
import { addRoutes } from './routes.ts';
import { serverFunctions } from './server-functions.ts';
import type { IAuthorizationServer } from './server-interface.ts';
import { addOutputs } from './server-outputs.ts';
import { resourcesOf } from './server-resources.ts';
import { serverSettings } from './server-settings.ts';
import { warnOfShortLists } from './short-lists.ts';
import { EphemeraTable, RegistryTable, RevocationsTable } from './tables.ts';

/**
 * An OAuth 2.0 authorization server for machines: `/token`, both metadata documents and the JWK
 * Set, on an HTTP API of its own. A stack may have several. The outputs of its stack say where it is.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * new AuthorizationServer(stack, 'AuthorizationServer');
 */
export class AuthorizationServer extends MeteredServer {
  /**
   * Names an authorization server that is elsewhere.
   * @param scope what it is for
   * @param id its id there
   * @param attributes what is known of it
   * @throws ConfigurationError when an attribute is wrong.
   */
  static fromAttributes(
    scope: Construct,
    id: string,
    attributes: AuthorizationServerAttributes,
  ): IAuthorizationServer {
    return new ImportedServer(checkSameCdk(scope), id, attributes);
  }

  /**
   * Names an authorization server that is in another stack of this account. The deployment reads the outputs of
   * that stack, which has to be there then.
   * @param scope what it is for
   * @param id its id there
   * @param options which stack, and what its outputs do not tell
   */
  static fromStackOutputs(
    scope: Construct,
    id: string,
    options: AuthorizationServerStackOptions,
  ): IAuthorizationServer {
    return new ImportedServer(checkSameCdk(scope), id, stackOutputs(options));
  }

  /** The issuer identifier, without a trailing slash; a token when it is the API's own URL. */
  readonly issuer: string;
  /**
   * The origin at which clients show a certificate.
   * @default there is none
   */
  readonly mtlsOrigin?: string;
  /**
   * What its access tokens may be signed with, now or after a change that the settings foresee:
   * for the `algorithms` of an AccessTokenAuthorizer.
   */
  readonly algorithms: SigningAlgorithm[];
  /** What it demands of its clients beyond what the standards do. */
  readonly profile: SecurityProfile;
  /** Whether a DPoP proof must have a nonce that the token endpoint has given. */
  readonly dpopNonce: DpopNonce;
  /** Clients, resource servers and the key ring. Outlives the stack, as the keys do. */
  readonly registry: ITable;
  /** What expires by itself. Gone with the stack. */
  readonly ephemera: TableV2;
  /** What was taken back before it expired. Gone with the stack, as its tokens are. */
  readonly revocations: TableV2;
  /**
   * The name of that table.
   * @default of a server that is made here it is always known
   */
  readonly revocationsTableName?: string;
  /** What makes, publishes, activates, retires and removes the signing keys. */
  readonly keyRotationFunction: LambdaFunction;
  /** Goes off when the key rotation fails. */
  readonly keyRotationFailedAlarm: Alarm;
  /** Goes off when the key rotation is late. */
  readonly keyRotationOverdueAlarm: Alarm;
  /** Goes off when the last secret of a client ends soon. */
  readonly secretsExpiringAlarm: Alarm;
  /** What all paths are routes of. */
  readonly httpApi: HttpApi;
  /**
   * The HTTP API's own URL.
   * @default it does not work: clients of a custom domain have to show a certificate
   */
  readonly apiEndpoint?: string;
  /** The stage of the HTTP API, which is throttled. */
  readonly stage: HttpStage;
  /** The access log of the stage. */
  readonly accessLogGroup: LogGroup;
  /**
   * The custom domain of `issuer`: what a DNS record for it leads to.
   * @default none is made
   */
  readonly issuerDomain?: DomainName;
  /**
   * The custom domain of `mtlsOrigin`.
   * @default none is made
   */
  readonly mtlsDomain?: DomainName;
  /** What issues access tokens. */
  readonly tokenFunction: LambdaFunction;
  /** What publishes the metadata and the JWK Set. */
  readonly discoveryFunction: LambdaFunction;
  /** What takes back tokens that clients have. */
  readonly revocationFunction: LambdaFunction;
  /** What tells resource servers of tokens for them. */
  readonly introspectionFunction: LambdaFunction;
  /** What publishes what was taken back, for authorizers. */
  readonly revocationListFunction: LambdaFunction;
  /** What registers the clients and resource servers of stacks. */
  readonly administrationFunction: LambdaFunction;
  /** What records who changed the registry. Its log outlives the stack. */
  readonly historyFunction: LambdaFunction;
  /** Goes off when changes of the registry cannot be recorded. */
  readonly historyFailedAlarm: Alarm;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AuthorizationServerProps = {}) {
    super(checkSameCdk(scope), id);
    const { issuance, signing, security, throttles, origins, adopted, expiryWarning } =
      serverSettings(props);
    warnOfShortLists(this, signing);
    const { issuerDomain, mtlsDomain } = origins;
    this.profile = SecurityProfile.of(security.profile);
    this.dpopNonce = DpopNonce.of(security.dpopNonce);
    this.algorithms = acceptedAlgorithms(signing, security.profile);
    const httpApi = newHttpApi(this, mtlsDomain);
    this.httpApi = httpApi;
    this.apiEndpoint = mtlsDomain ? undefined : httpApi.apiEndpoint;
    this.issuer = origins.issuer ?? httpApi.apiEndpoint;
    this.mtlsOrigin = origins.mtlsOrigin;
    const registry = adopted.table ?? new RegistryTable(this, 'Registry');
    const ephemera = new EphemeraTable(this, 'Ephemera');
    this.registry = registry;
    this.ephemera = ephemera;
    const revocations = new RevocationsTable(this, 'Revocations');
    this.revocations = revocations;
    this.revocationsTableName = revocations.tableName;
    const { issuer, mtlsOrigin } = this;
    const keyRotation = new KeyRotation(this, 'KeyRotation', {
      ...{ registry, revocations, signing, alarmTopic: props.alarmTopic, issuer },
      ...{ replacesIssuer: origins.replacesIssuer, adoptedKeys: adopted.adoptedKeys },
    });
    this.keyRotationFunction = keyRotation.function;
    this.keyRotationFailedAlarm = keyRotation.alarms.failed;
    this.keyRotationOverdueAlarm = keyRotation.alarms.overdue;
    const { alarmTopic } = props;
    const history = new HistoryFunction(this, 'HistoryFunction', { registry, alarmTopic });
    this.historyFunction = history;
    this.historyFailedAlarm = history.failedAlarm;
    const authorizationEndpoint = stubName(props.authorizationEndpointStub);
    const functions = serverFunctions(this, {
      ...{ issuer, mtlsOrigin, authorizationEndpoint, corsOrigins: corsOrigins(props) },
      ...{ registry, ephemera, revocations, security, issuance, keyRotation },
      ...{ expiryWarning, deployment: deploymentName(this), alarmTopic: props.alarmTopic },
    });
    this.tokenFunction = functions.token;
    this.discoveryFunction = functions.discovery;
    this.revocationFunction = functions.revocation;
    this.introspectionFunction = functions.introspection;
    this.revocationListFunction = functions.revocationList;
    this.administrationFunction = functions.administration;
    this.secretsExpiringAlarm = functions.administration.secretsExpiringAlarm;
    const hasAuthorizationEndpoint = authorizationEndpoint !== 'none';
    const clientRoutes = addRoutes(httpApi, { ...functions, hasAuthorizationEndpoint });
    const { throttle, tokenThrottle } = throttles;
    const logged = new AccessLoggedStage(this, 'Stage', { httpApi, throttle });
    for (const route of clientRoutes) logged.throttle(route, tokenThrottle);
    const { stage, logGroup } = logged;
    this.stage = stage;
    this.accessLogGroup = logGroup;
    const target = { httpApi, stage };
    this.issuerDomain =
      issuerDomain && customDomain(this, 'IssuerDomain', { ...issuerDomain, ...target });
    this.mtlsDomain = mtlsDomain && customDomain(this, 'MtlsDomain', { ...mtlsDomain, ...target });
    this.#addOutputs();
  }

  #addOutputs(): void {
    addOutputs(this, {
      Issuer: this.issuer,
      TokenEndpoint: this.tokenEndpoint,
      MtlsTokenEndpoint: this.mtlsOrigin && this.mtlsOrigin + endpointPaths.token,
      ApiEndpoint: this.apiEndpoint,
      IssuerDomainTarget: this.issuerDomain?.regionalDomainName,
      MtlsDomainTarget: this.mtlsDomain?.regionalDomainName,
      RegistryTable: this.registry.tableName,
      EphemeraTable: this.ephemera.tableName,
      RevocationsTable: this.revocations.tableName,
      KeyRotationFunction: this.keyRotationFunction.functionName,
      AdministrationFunction: this.administrationFunction.functionName,
      AdministrationRole: this.administrationFunction.role?.roleArn,
      HistoryLogGroup: this.historyFunction.logGroup.logGroupName,
    });
  }

  /** @internal */
  _resources() {
    return resourcesOf(this);
  }
}
