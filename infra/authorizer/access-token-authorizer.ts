import { type Duration, Names } from 'aws-cdk-lib';
import {
  type IRestApi,
  RequestAuthorizer,
  type RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Alias, IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AuthorizerEnvironment } from '../../functions/authorizer/environment.ts';
import { checkSameCdk } from '../settings/same-cdk.ts';
import { type AccessTokenProps, acceptedTokens } from './access-token-settings.ts';
import { AuthorizerFunction, type AuthorizerFunctionProps } from './authorizer-function.ts';
import type { BoundTokensProps } from './bound-tokens.ts';
import { checkApp } from './checked-app.ts';
import { authorizerFindings } from './checks/authorizer-checks.ts';
import { identitySources, resultsCacheTtl } from './checks/results-cache.ts';
import { checkTakesUnbound, checkTellsNonces } from './form-limits.ts';
import { addGatewayResponses, asksForNonces, noWayToTellNonces } from './gateway-responses.ts';
import {
  ProtectedResourceMetadata,
  type ProtectedResourceMetadataOptions,
} from './protected-resource/protected-resource-metadata.ts';
import { checkTokenRoutes, readRoutes } from './routes.ts';
import { warmAlias } from './warm-alias.ts';

/**
 * Whose access tokens an API takes, and what each of its routes asks of them.
 *
 * @example
 * ```ts
 * import { type AccessTokenAuthorizerProps, SigningAlgorithm } from './countersign/infra/index.ts';
 *
 * const props: AccessTokenAuthorizerProps = {
 *   issuer: 'https://auth.example.com',
 *   algorithms: [SigningAlgorithm.ES256],
 *   audience: 'https://orders.example.com',
 *   routes: { 'GET /orders': ['orders:read'], 'POST /orders': ['orders:write'] },
 * };
 * ```
 */
export interface AccessTokenAuthorizerProps extends AccessTokenProps {
  /** @default tokens that are bound to a key or a certificate are refused */
  readonly boundTokens?: BoundTokensProps;
  /**
   * How long API Gateway caches an answer for the same token and path: at most an hour, zero
   * for not at all. An answer may outlive the token's `exp` by as much. With `boundTokens` it must be
   * zero.
   * @default Duration.seconds(60), and zero with `boundTokens`
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
 * ```ts
 * import { App, Stack } from 'aws-cdk-lib';
 * import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
 * import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
 * import { AccessTokenAuthorizer, AuthorizationServer } from './countersign/infra/index.ts';
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
 * ```
 */
export class AccessTokenAuthorizer extends Construct {
  readonly function: LambdaFunction;
  /** What API Gateway calls, with `provisionedConcurrency`: for its `addAutoScaling`. */
  readonly alias: Alias | undefined;
  readonly #props: AuthorizerFunctionProps;
  readonly #cache: { readonly resultsCacheTtl: Duration };
  #http?: HttpLambdaAuthorizer;
  #restToken?: TokenAuthorizer;
  #restRequest?: RequestAuthorizer;
  #isChallenging = false;
  #metadata?: ProtectedResourceMetadata;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AccessTokenAuthorizerProps) {
    super(checkSameCdk(scope), id);
    const { provisionedConcurrency, ...tokens } = props;
    this.#props = acceptedTokens(tokens);
    this.#cache = { resultsCacheTtl: resultsCacheTtl(props) };
    this.function = new AuthorizerFunction(this, 'Function', this.#props);
    this.alias = warmAlias(this.function, provisionedConcurrency);
    const routes = readRoutes(props.routes);
    const takesBound = props.boundTokens !== undefined;
    checkApp(this, () => authorizerFindings({ function: this.function, routes, takesBound }));
  }

  /**
   * For routes of an HTTP API. An answer is cached per method and path: the route alone does not decide.
   * @throws ConfigurationError when nonces are required, which an HTTP API cannot tell to a client.
   */
  httpAuthorizer(): HttpLambdaAuthorizer {
    checkTellsNonces(this.#props);
    this.#http ??= new HttpLambdaAuthorizer(Names.uniqueId(this), this.#called, {
      ...this.#cache,
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: identitySources.HTTP,
    });
    return this.#http;
  }

  /**
   * For methods of a REST API, type TOKEN: one cached answer for all methods. Call `addChallenges` too.
   * Synthesis fails for a method that `routes` does not list. It sees neither a DPoP proof nor a
   * certificate: bound tokens are always refused here, whatever `boundTokens` says.
   * @throws ConfigurationError when routes overlap or are too many for the one policy, and when no other
   *   tokens than bound ones are let in.
   */
  restTokenAuthorizer(): TokenAuthorizer {
    checkTokenRoutes(this.#props.routes);
    if (!this.#restToken) checkTakesUnbound(this, this.#props);
    this.#restToken ??= new TokenAuthorizer(this, 'RestToken', {
      ...this.#cache,
      handler: this.#called,
    });
    return this.#restToken;
  }

  /**
   * For methods of a REST API, type REQUEST: an answer is cached per method and path. Call
   * `addChallenges` too.
   */
  restRequestAuthorizer(): RequestAuthorizer {
    if (!this.#restRequest && asksForNonces(this.#props)) {
      this.node.addValidation({ validate: () => (this.#isChallenging ? [] : [noWayToTellNonces]) });
    }
    this.#restRequest ??= new RequestAuthorizer(this, 'RestRequest', {
      ...this.#cache,
      handler: this.#called,
      identitySources: identitySources.REST,
    });
    return this.#restRequest;
  }

  /**
   * Makes a REST API answer 401 and 403 with the challenges of RFC 6750 §3 and RFC 9449 §7.1, which an
   * authorizer cannot do by itself. An HTTP API has no such setting. Where nonces are required the
   * 403 is a 401, too: API Gateway has one status for all that is denied.
   */
  addChallenges(restApi: RestApi): void {
    this.#isChallenging = true;
    const metadataUrl = () => this.#metadata?.url;
    addGatewayResponses(restApi, { ...this.#props, metadataUrl });
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
    const props = { ...this.#props, ...options, api };
    this.#metadata = new ProtectedResourceMetadata(this, 'Metadata', props);
    const variable: keyof AuthorizerEnvironment = 'RESOURCE_METADATA';
    this.function.addEnvironment(variable, this.#metadata.url);
    return this.#metadata;
  }

  get #called(): IFunction {
    return this.alias ?? this.function;
  }
}
