import type {
  HttpRouteAuthorizerBindOptions,
  HttpRouteAuthorizerConfig,
  IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';

/** One authorizer for the routes of any HTTP APIs. One of the CDK binds to one API alone: each gets its own. */
export class HttpAuthorizers implements IHttpRouteAuthorizer {
  readonly authorizationType = 'CUSTOM';
  readonly #made = new Map<string, IHttpRouteAuthorizer>();
  readonly #make: () => IHttpRouteAuthorizer;

  constructor(make: () => IHttpRouteAuthorizer) {
    this.#make = make;
  }

  bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    const { apiId } = options.route.httpApi;
    const its = this.#made.get(apiId) ?? this.#make();
    this.#made.set(apiId, its);
    return its.bind(options);
  }
}
