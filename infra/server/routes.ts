import { Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** What the authorization server's paths lead to. */
export interface RouteTargets {
  /** Issues access tokens. */
  readonly tokens: LambdaFunction;
  /** Publishes the metadata and the JWK Set. */
  readonly documents: LambdaFunction;
  /** Whether there is an authorization endpoint, with that function behind it. */
  readonly authorizationEndpointStub: boolean;
}

/** Adds the routes. Any method, so that the functions answer a wrong one with a proper 405. */
export function addRoutes(
  httpApi: HttpApi,
  { tokens, documents, authorizationEndpointStub }: RouteTargets,
): void {
  const token = new HttpLambdaIntegration('Token', tokens);
  const discovery = new HttpLambdaIntegration('Discovery', documents);
  const routes = [
    { path: '/token', integration: token },
    { path: '/.well-known/oauth-authorization-server', integration: discovery },
    { path: '/.well-known/openid-configuration', integration: discovery },
    { path: '/.well-known/jwks.json', integration: discovery },
    ...(authorizationEndpointStub ? [{ path: '/authorize', integration: discovery }] : []),
  ];
  for (const { path, integration } of routes) {
    const added = httpApi.addRoutes({ path, methods: [HttpMethod.ANY], integration });
    for (const route of added) Validations.of(route).acknowledge(publicEndpoint);
  }
}

const publicEndpoint = {
  id: 'AwsSolutions-APIG4',
  reason:
    'The token endpoint authenticates the client itself (RFC 6749 §3.2.1); metadata and JWK Set are public (RFC 8414 §3).',
};
