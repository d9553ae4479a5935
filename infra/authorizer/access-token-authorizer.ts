import { Duration, Names } from 'aws-cdk-lib';
import type { IRestApi, RequestAuthorizer, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Alias, IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AuthorizerEnvironment } from '../../functions/authorizer/environment.ts';
import { auditMetric, denials } from '../server/audit-metric.ts';
import { physicalName } from '../settings/physical-name.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';
import { type AccessTokenProps, acceptedTokens } from './access-token-settings.ts';
import { AuthorizerFunction, type AuthorizerFunctionProps } from './authorizer-function.ts';
import type { BoundTokensProps } from './bound-tokens.ts';
import type { ChallengeOptions } from './challenge-options.ts';
import { noWayToTellNonces, tellsNonces } from './challenges.ts';
import { checkApp } from './checked-app.ts';
import { authorizerFindings } from './checks/authorizer-checks.ts';
import { identitySources, resultsCacheTtl, usualCache } from './checks/results-cache.ts';
import { allowCalls, httpScheme, restScheme, uriOf } from './definition.ts';
import { checkTakesUnbound, checkTellsNonces } from './form-limits.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { HttpAuthorizers } from './http-authorizers.ts';
import { checkInvoker } from './invoker.ts';
import {
  checkFirstMetadata,
  ProtectedResourceMetadata,
  type ProtectedResourceMetadataOptions,
} from './protected-resource/protected-resource-metadata.ts';
import { type RestAuthorizers, requestAuthorizers, tokenAuthorizers } from './rest-authorizers.ts';
import { revocationSettings } from './revocation-settings.ts';
import { checkTokenRoutes, readRoutes } from './routes.ts';
import { warmAlias } from './warm-alias.ts';

/**
 * Whose access tokens an API takes, and what each of its routes asks of them.
 *
 * @example
 * import { type AccessTokenAuthorizerProps, SigningAlgorithm } from 'countersign';
 *
 * const props: AccessTokenAuthorizerProps = {
 *   issuer: 'https://auth.example.com',
 *   algorithms: [SigningAlgorithm.ES256],
 *   audience: 'https://orders.example.com',
 *   routes: { 'GET /orders': ['orders:read'], 'POST /orders': ['orders:write'] },
 * };
 */
export interface AccessTokenAuthorizerProps extends AccessTokenProps {
  /**
   * How tokens are taken that are bound to a key or a certificate.
   * @default such tokens are refused
   */
  readonly boundTokens?: BoundTokensProps;
  /**
   * How long API Gateway caches an answer for the same token and path: at most an hour, zero
   * for not at all. An answer may outlive the token's `exp` by as much. With `boundTokens` it must be
   * zero.
   * @default Duration.seconds(60), or what `refuseRevokedWithin` leaves; zero with `boundTokens`
   */
  readonly resultsCacheTtl?: Duration;
  /**
   * How many instances of the function are kept warm. API Gateway then calls it by an alias.
   * @default none, and no alias
   */
  readonly provisionedConcurrency?: number;
}

/**
 * Lets only callers with the right access token into one API. Makes the Lambda function, and
 * offers the authorizer in the form that an API of each type takes.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
 * import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
 * import { AccessTokenAuthorizer, AuthorizationServer } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Orders');
 * const authorizer = new AccessTokenAuthorizer(stack, 'Authorizer', {
 *   server: new AuthorizationServer(stack, 'AuthorizationServer'),
 *   audience: 'https://orders.example.com',
 *   routes: { 'GET /orders': ['orders:read'] },
 * });
 * new HttpApi(stack, 'Api').addRoutes({
 *   path: '/orders',
 *   methods: [HttpMethod.GET],
 *   integration: new HttpUrlIntegration('Backend', 'https://backend.example.com'),
 *   authorizer: authorizer.httpAuthorizer(),
 * });
 */
export class AccessTokenAuthorizer extends Construct {
  /** What decides who may pass. */
  readonly function: LambdaFunction;
  /**
   * What API Gateway calls, for its `addAutoScaling`.
   * @default none without `provisionedConcurrency`
   */
  readonly alias?: Alias;
  readonly #props: AuthorizerFunctionProps;
  readonly #cache: { readonly resultsCacheTtl: Duration };
  readonly #restToken: RestAuthorizers<TokenAuthorizer>;
  readonly #restRequest: RestAuthorizers<RequestAuthorizer>;
  #http?: HttpAuthorizers;
  #isChallenging = false;
  #isWatchingNonces = false;
  #metadata?: ProtectedResourceMetadata;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AccessTokenAuthorizerProps) {
    super(checkSameCdk(scope), id);
    const { provisionedConcurrency, ...tokens } = props;
    const asked = resultsCacheTtl(props);
    const revoked = revocationSettings(this, props, usualCache(props));
    this.#props = { ...acceptedTokens(tokens), revoked };
    this.#cache = { resultsCacheTtl: revoked ? Duration.seconds(revoked.resultsCache) : asked };
    this.function = new AuthorizerFunction(this, 'Function', this.#props);
    this.alias = warmAlias(this.function, provisionedConcurrency);
    this.#restToken = tokenAuthorizers(this, this.#called, this.#cache);
    this.#restRequest = requestAuthorizers(this, this.#called, this.#cache);
    const routes = readRoutes(props.routes);
    const takesBound = props.boundTokens !== undefined;
    const longest = revoked?.longestCache ?? Number.POSITIVE_INFINITY;
    checkApp(this, () =>
      authorizerFindings({ function: this.function, routes, takesBound, longest }),
    );
  }

  /**
   * For routes of HTTP APIs, and as the `defaultAuthorizer` of one. Each API gets one authorizer, in its own
   * stack. An answer is cached per method and path: the route alone does not decide.
   * @throws ConfigurationError when nonces are required, which an HTTP API cannot tell to a client.
   */
  httpAuthorizer(): IHttpRouteAuthorizer {
    checkTellsNonces(this.#props);
    this.#http ??= new HttpAuthorizers(() => {
      const id = Names.uniqueId(this);
      return new HttpLambdaAuthorizer(id, this.#called, {
        ...this.#cache,
        authorizerName: physicalName(this),
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        identitySource: identitySources.HTTP,
      });
    });
    return this.#http;
  }

  /**
   * For methods of a REST API, type TOKEN: one cached answer for all methods. Call `addChallenges` too.
   * Synthesis fails for a method that `routes` does not list. It sees neither a DPoP proof nor a
   * certificate: bound tokens are always refused here, whatever `boundTokens` says.
   * @param restApi the API, where the authorizer guards several, or one of another stack
   * @throws ConfigurationError when routes overlap or are too many for the one policy, and when no other
   *   tokens than bound ones are let in.
   */
  restTokenAuthorizer(restApi?: IRestApi): TokenAuthorizer {
    checkTokenRoutes(this.#props.routes);
    if (this.#restToken.isUnused) checkTakesUnbound(this, this.#props);
    return this.#restToken.of(restApi);
  }

  /**
   * For methods of a REST API, type REQUEST: an answer is cached per method and path. Call
   * `addChallenges` too.
   * @param restApi the API, where the authorizer guards several, or one of another stack
   */
  restRequestAuthorizer(restApi?: IRestApi): RequestAuthorizer {
    this.#checkNoncesAreTold();
    return this.#restRequest.of(restApi);
  }

  /**
   * What the OpenAPI definition of a REST API has among its `securitySchemes`, such as that of a SpecRestApi:
   * an authorizer of type REQUEST. Call `allowCallsBy` and `addChallenges` too.
   *
   * @example
   * const securitySchemes = { countersign: authorizer.restSecurityScheme() };
   * const paths = { '/orders': { get: { security: [{ countersign: [] }] } } };
   * const definition = { openapi: '3.0.1', paths, components: { securitySchemes } };
   * const restApi = new SpecRestApi(stack, 'Api', { apiDefinition: ApiDefinition.fromInline(definition) });
   * authorizer.allowCallsBy(restApi);
   * authorizer.addChallenges(restApi);
   */
  restSecurityScheme(): { [name: string]: unknown } {
    this.#checkNoncesAreTold();
    return restScheme({ ...this.#cache, authorizerUri: this.authorizerUri });
  }

  /**
   * What the OpenAPI definition of an HTTP API has among its `securitySchemes`. Call `allowCallsBy` too.
   * @throws ConfigurationError when nonces are required, which an HTTP API cannot tell to a client.
   */
  httpSecurityScheme(): { [name: string]: unknown } {
    checkTellsNonces(this.#props);
    return httpScheme({ ...this.#cache, authorizerUri: this.authorizerUri });
  }

  /** By what the definition of an API calls the function: the `authorizerUri` of API Gateway. */
  get authorizerUri(): string {
    return uriOf(this.#called);
  }

  /** Lets an API call the function as an authorizer that its definition names. */
  allowCallsBy(api: IHttpApi | IRestApi): void {
    allowCalls(this.#called, api);
  }

  /**
   * Makes a REST API answer 401 and 403 with the challenges of RFC 6750 §3 and RFC 9449 §7.1, which an
   * authorizer cannot do by itself. An HTTP API has no such setting. Where nonces are required the
   * 403 is a 401, too: API Gateway has one status for all that is denied. Synthesis fails if another
   * authorizer wants other challenges of the same API.
   * @throws ConfigurationError when an option is wrong.
   *
   * @example
   * authorizer.addChallenges(restApi, { allowOrigins: ['https://app.example.com'] });
   */
  addChallenges(restApi: IRestApi, options: ChallengeOptions = {}): void {
    this.#isChallenging = true;
    const metadataUrl = () => this.#metadata?.url;
    const { path } = this.node;
    addGatewayResponses(this, restApi, { ...this.#props, ...options, path, metadataUrl });
  }

  /**
   * Adds the API's metadata (RFC 9728), by which clients find the authorization server: one route without
   * authorization. The challenges of a REST API name it. An HTTP API has none: clients look where
   * `audience` says.
   * @throws ConfigurationError when `audience` is not where clients reach the API, or an option is wrong.
   */
  addProtectedResourceMetadata(
    api: IHttpApi | IRestApi,
    options: ProtectedResourceMetadataOptions = {},
  ): ProtectedResourceMetadata {
    checkFirstMetadata(this.#metadata);
    const props = { ...this.#props, ...options, api };
    this.#metadata = new ProtectedResourceMetadata(this, 'Metadata', props);
    const variable: keyof AuthorizerEnvironment = 'RESOURCE_METADATA';
    this.function.addEnvironment(variable, this.#metadata.url);
    return this.#metadata;
  }

  /**
   * Lets somebody call the authorizer: an API that another tool has made, by the ARN of the function or, with
   * `provisionedConcurrency`, of its alias.
   * @param grantee such as the service `apigateway.amazonaws.com`, on the condition of the API
   * @throws ConfigurationError when it is a service for all of its callers.
   *
   * @example
   * const sourceArn = 'arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/authorizers/*';
   * const conditions = { ArnLike: { 'aws:SourceArn': sourceArn } };
   * authorizer.grantInvoke(new ServicePrincipal('apigateway.amazonaws.com', { conditions }));
   */
  grantInvoke(grantee: IGrantable): Grant {
    checkInvoker(grantee);
    return this.#called.grantInvoke(grantee);
  }

  /**
   * Requests that were not let in: the sum over five minutes. They are counted in the audit lines, by a metric
   * filter that is made with the first call of this method. What API Gateway answers from its cache has no line,
   * nor has what a policy of a REST API denies.
   * @param options what differs from that
   */
  metricDenials(options?: MetricOptions): Metric {
    const { logGroup } = this.function;
    return auditMetric(this, { metricName: 'Denials', logGroup, outcomes: denials }, options);
  }

  /**
   * Runs of the function that ended without an answer, upon which API Gateway answers 500.
   * @param options what differs from the sum over five minutes
   */
  metricErrors(options?: MetricOptions): Metric {
    return this.function.metricErrors(options);
  }

  #checkNoncesAreTold(): void {
    if (this.#isWatchingNonces || !tellsNonces(this.#props)) return;
    this.#isWatchingNonces = true;
    this.node.addValidation({ validate: () => (this.#isChallenging ? [] : [noWayToTellNonces]) });
  }

  get #called(): IFunction {
    return this.alias ?? this.function;
  }
}
