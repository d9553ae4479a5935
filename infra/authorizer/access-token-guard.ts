import { Annotations, CfnResource, Token } from 'aws-cdk-lib';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { guardVariable } from '../../functions/authorizer/guard/environment.ts';
import { auditMetric, denials } from '../server/audit-metric.ts';
import { EphemeraTable } from '../server/tables.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';
import { type AccessTokenProps, acceptedTokens, warnOfAudience } from './access-token-settings.ts';
import { type BoundTokensProps, boundTokenEnvironment, grantPossession } from './bound-tokens.ts';
import { checkApp } from './checked-app.ts';
import { guardFindings } from './checks/authorizer-checks.ts';
import { missingGuard, unawareGuard } from './guarded-code.ts';
import {
  checkFirstMetadata,
  ProtectedResourceMetadata,
  type ProtectedResourceMetadataOptions,
} from './protected-resource/protected-resource-metadata.ts';
import { grantRevocations, revocationSettings } from './revocation-settings.ts';
import { readRoutes, scopesOf } from './routes.ts';
import { addRoutesLayer } from './routes-layer.ts';

/**
 * Whose access tokens a function takes, and what each of its routes asks of them.
 *
 * @example
 * import { type AccessTokenGuardProps, SecurityProfile } from 'countersign';
 *
 * const props: Omit<AccessTokenGuardProps, 'function' | 'httpApis'> = {
 *   issuer: 'https://auth.example.com',
 *   profile: SecurityProfile.FAPI2,
 *   audience: 'https://orders.example.com',
 *   routes: { 'POST /payments': ['payments:write'] },
 *   boundTokens: { publicUrl: 'https://orders.example.com' },
 * };
 */
export interface AccessTokenGuardProps extends AccessTokenProps {
  /** How tokens are taken that are bound to a key or a certificate. */
  readonly boundTokens: BoundTokensProps;
  /**
   * The function behind the routes of an HTTP API, with a timeout of at least ten seconds. Its handler has
   * to be `middy(handler).use(accessTokenGuard())` or `guard(handler)`, both of `countersign/guard`: without
   * that it is open to everybody. It can have one guard, for all of its routes.
   */
  readonly function: LambdaFunction;
  /**
   * The HTTP APIs whose routes lead to the function. Events of others are refused: those of a function URL
   * are of the same form, but of no route. An API of another stack must not use the function's stack: each
   * would depend on the other.
   */
  readonly httpApis: IHttpApi[];
}

/**
 * Lets only callers with the right access token into one function of an HTTP API, as AccessTokenAuthorizer
 * does in front of it, but with exact answers: the authorizer of an HTTP API can tell a client neither what
 * is wrong nor which nonce its DPoP proof needs.
 *
 * @example
 * import { App, Duration, Stack } from 'aws-cdk-lib';
 * import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
 * import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
 * import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
 * import { AccessTokenGuard, DpopNonce } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Orders');
 * const orders = new Function(stack, 'Function', {
 *   code: Code.fromAsset('orders'),
 *   handler: 'index.handler',
 *   runtime: Runtime.NODEJS_24_X,
 *   timeout: Duration.seconds(10),
 * });
 * const httpApi = new HttpApi(stack, 'Api');
 * httpApi.addRoutes({
 *   path: '/orders',
 *   methods: [HttpMethod.GET],
 *   integration: new HttpLambdaIntegration('Orders', orders),
 * });
 * new AccessTokenGuard(stack, 'Guard', {
 *   function: orders,
 *   httpApis: [httpApi],
 *   issuer: 'https://auth.example.com',
 *   audience: 'https://orders.example.com',
 *   routes: { 'GET /orders': ['orders:read'] },
 *   boundTokens: { publicUrl: 'https://orders.example.com', dpopNonce: DpopNonce.REQUIRED },
 * });
 */
export class AccessTokenGuard extends Construct {
  /** The proofs that were used. In the stack of the function. */
  readonly ephemera: TableV2;
  readonly #props: AccessTokenGuardProps;
  #metadata?: ProtectedResourceMetadata;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AccessTokenGuardProps) {
    super(checkSameCdk(scope), id);
    const guarded = checkFunction(props.function, this.node.root);
    const apiIds = checkApis(props.httpApis).map(({ apiId }) => apiId);
    const revoked = revocationSettings(guarded, props, 0);
    const ephemera = new EphemeraTable(guarded, tableId);
    this.ephemera = ephemera;
    const environment = {
      ...boundTokenEnvironment({ ...acceptedTokens(props), revoked }, ephemera),
      API_IDS: apiIds.join(' '),
    } as const;
    for (const [name, value] of Object.entries(environment)) {
      guarded.addEnvironment(guardVariable(name), value);
    }
    addRoutesLayer(guarded, props.routes);
    grantPossession(guarded, ephemera, props.boundTokens);
    grantRevocations(guarded, revoked);
    warnOfAudience(this, props);
    const routes = readRoutes(props.routes);
    checkApp(this, () => guardFindings({ function: guarded, routes }));
    warnOfCode(this, 'no-guard-in-code', () => missingGuard(guarded));
    if (revoked) warnOfCode(this, 'guard-of-earlier-version', () => unawareGuard(guarded));
    this.#props = props;
  }

  /**
   * Adds the API's metadata (RFC 9728), by which clients find the authorization server: one route without a
   * guard, which its challenges name.
   * @throws ConfigurationError when `audience` is not where clients reach the API, or an option is wrong.
   */
  addProtectedResourceMetadata(
    httpApi: IHttpApi,
    options: ProtectedResourceMetadataOptions = {},
  ): ProtectedResourceMetadata {
    checkFirstMetadata(this.#metadata);
    const { function: guarded, ...accepted } = this.#props;
    const props = { scopes: scopesOf(accepted.routes), ...accepted, ...options, api: httpApi };
    this.#metadata = new ProtectedResourceMetadata(this, 'Metadata', props);
    guarded.addEnvironment(guardVariable('RESOURCE_METADATA'), this.#metadata.url);
    return this.#metadata;
  }

  /**
   * Requests that were not let in: the sum over five minutes. They are counted in the audit lines, which are in
   * the log of the function, by a metric filter that is made with the first call of this method.
   * @param options what differs from that
   */
  metricDenials(options?: MetricOptions): Metric {
    const { logGroup } = this.#props.function;
    return auditMetric(this, { metricName: 'Denials', logGroup, outcomes: denials }, options);
  }
}

const tableId = 'GuardEphemera';

/** Seconds that it may take to fetch the issuer's keys and to note a proof. */
const leastTimeout = 10;

/** Once all of the app is there: layers may be added later. */
function warnOfCode(scope: Construct, name: string, problem: () => string | undefined): void {
  scope.node.addValidation({
    validate() {
      const warning = problem();
      if (warning) Annotations.of(scope).addWarningV2(`countersign:${name}`, warning);
      return [];
    },
  });
}

function checkApis(httpApis: readonly IHttpApi[]): readonly IHttpApi[] {
  if (httpApis?.length > 0) return httpApis;
  throw new ConfigurationError(
    "httpApis is empty, so that nobody could get in: name the HTTP API whose routes lead to the guard's function.",
  );
}

function checkFunction(guarded: LambdaFunction, app: IConstruct): LambdaFunction {
  if (guarded?.node.root !== app || !isFunction(guarded.node.defaultChild)) {
    throw new ConfigurationError(
      'function must be one that is made in this app, not an imported one.',
    );
  }
  checkSameCdk(guarded);
  if (guarded.node.tryFindChild(tableId)) {
    throw new ConfigurationError(
      `"${guarded.node.path}" has a guard: give that one all of the function's routes.`,
    );
  }
  const seconds = guarded.timeout?.toSeconds() ?? 3;
  if (Token.isUnresolved(seconds) || seconds >= leastTimeout) return guarded;
  throw new ConfigurationError(
    `"${guarded.node.path}" has a timeout of ${seconds} seconds, but a guard may need ${leastTimeout} at a ` +
      `cold start: set its timeout to Duration.seconds(${leastTimeout}) or more.`,
  );
}

/** By its type: with two copies of the CDK, a function may be of another class. */
const isFunction = (resource: IConstruct | undefined): boolean =>
  CfnResource.isCfnResource(resource) && resource.cfnResourceType === 'AWS::Lambda::Function';
