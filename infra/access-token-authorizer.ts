import { Duration, Names, Stack, Token } from 'aws-cdk-lib';
import {
  IdentitySource,
  RequestAuthorizer,
  ResponseType,
  type RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { parseAlgorithms } from '../functions/authorizer/algorithms.ts';
import type { AuthorizerEnvironment } from '../functions/authorizer/environment.ts';
import { refusing, wrongValue } from './configuration-error.ts';
import { nodeFunction } from './node-function.ts';
import { unlistedMethods } from './rest-methods.ts';
import { checkRestRoutes, formatRoutes, type RouteScopes } from './route-table.ts';
import { checkIssuer, checkResource } from './setting-checks.ts';

/** Whose access tokens an API takes, and what each of its routes asks of them. */
export interface AccessTokenAuthorizerProps {
  /** The issuer identifier whose tokens are accepted, to the byte. */
  readonly issuer: string;
  /** The API's own identifier; the `aud` of a token must contain it. */
  readonly audience: string;
  /**
   * Route key (`GET /orders/{id}`) -> the scope-tokens that it needs, all of them. A route that is
   * not listed lets nobody in.
   */
  readonly routes: RouteScopes;
  /**
   * Algorithms that a token may be signed with.
   * @default ['RS256']
   */
  readonly algorithms?: readonly string[];
  /**
   * How long API Gateway remembers an answer for the same token on the same route: at most an
   * hour, zero for not at all. An answer may outlive the token's `exp` by as much.
   * @default Duration.seconds(60)
   */
  readonly resultsCacheTtl?: Duration;
}

/**
 * Lets only callers with the right access token into one API. Makes the Lambda function, and
 * offers the authorizer in the form that an API of each type takes.
 */
export class AccessTokenAuthorizer extends Construct {
  readonly function: LambdaFunction;
  readonly #props: AccessTokenAuthorizerProps;
  readonly #cache: { readonly resultsCacheTtl: Duration };
  #http?: HttpLambdaAuthorizer;
  #restToken?: TokenAuthorizer;
  #restRequest?: RequestAuthorizer;

  /** @throws ConfigurationError when a property is wrong. */
  constructor(scope: Construct, id: string, props: AccessTokenAuthorizerProps) {
    super(scope, id);
    this.#props = props;
    this.#cache = { resultsCacheTtl: checkCacheTtl(props.resultsCacheTtl ?? Duration.seconds(60)) };
    const { issuer, audience, algorithms = ['RS256'], routes } = props;
    this.function = nodeFunction(this, 'Function', {
      description: 'Countersign: access token authorizer',
      folder: 'authorizer',
      environment: {
        ISSUER: Token.isUnresolved(issuer) ? issuer : checkIssuer(issuer),
        AUDIENCE: Token.isUnresolved(audience) ? audience : checkResource(audience, 'audience'),
        ALGORITHMS: checkAlgorithms(algorithms),
        ROUTES: formatRoutes(routes),
      } satisfies AuthorizerEnvironment,
    });
  }

  /** For routes of an HTTP API. The route key is an identity source, so an answer is cached per route. */
  httpAuthorizer(): HttpLambdaAuthorizer {
    this.#http ??= new HttpLambdaAuthorizer(Names.uniqueId(this), this.function, {
      ...this.#cache,
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization', '$context.routeKey'],
    });
    return this.#http;
  }

  /**
   * For methods of a REST API, type TOKEN: one cached answer for all methods. Call `addChallenges` too.
   * Synthesis fails for a method that `routes` does not list.
   * @throws ConfigurationError when routes overlap, so that one policy cannot tell them apart.
   */
  restTokenAuthorizer(): TokenAuthorizer {
    const routes = checkRestRoutes(this.#props.routes);
    if (this.#restToken) return this.#restToken;
    const authorizer = new TokenAuthorizer(this, 'RestToken', {
      ...this.#cache,
      handler: this.function,
    });
    this.node.addValidation({
      validate: () => unlistedMethods(Stack.of(this), authorizer, routes),
    });
    this.#restToken = authorizer;
    return authorizer;
  }

  /**
   * For methods of a REST API, type REQUEST: an answer is cached per method and resource. Call
   * `addChallenges` too.
   * @throws ConfigurationError when routes overlap, so that one policy cannot tell them apart.
   */
  restRequestAuthorizer(): RequestAuthorizer {
    checkRestRoutes(this.#props.routes);
    this.#restRequest ??= new RequestAuthorizer(this, 'RestRequest', {
      ...this.#cache,
      handler: this.function,
      identitySources: [
        IdentitySource.header('Authorization'),
        IdentitySource.context('httpMethod'),
        IdentitySource.context('resourcePath'),
      ],
    });
    return this.#restRequest;
  }

  /**
   * Makes a REST API answer 401 and 403 with the challenge of RFC 6750 §3, which an authorizer
   * cannot do by itself. An HTTP API has no such setting.
   */
  addChallenges(restApi: RestApi): void {
    // API Gateway wants static text in single quotes, and knows no way to write one inside.
    const realm = this.#props.audience.replaceAll("'", '%27');
    restApi.addGatewayResponse('Unauthorized', {
      type: ResponseType.UNAUTHORIZED,
      statusCode: '401',
      responseHeaders: { 'WWW-Authenticate': `'Bearer realm="${realm}"'` },
    });
    restApi.addGatewayResponse('AccessDenied', {
      type: ResponseType.ACCESS_DENIED,
      statusCode: '403',
      responseHeaders: { 'WWW-Authenticate': 'context.authorizer.wwwAuthenticate' },
    });
  }
}

function checkCacheTtl(ttl: Duration): Duration {
  if (ttl.toSeconds() <= 3600) return ttl;
  throw wrongValue('resultsCacheTtl', ttl.toSeconds(), 'must be at most 3600 seconds');
}

function checkAlgorithms(algorithms: readonly string[]): string {
  const names = algorithms.join(' ');
  refusing('algorithms', () => parseAlgorithms(names));
  return names;
}
