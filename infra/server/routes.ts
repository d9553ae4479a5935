import { type HttpApi, HttpMethod, type HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { acknowledge } from '../settings/acknowledgement.ts';
import type { ServerFunctions } from './server-functions.ts';

/** What the authorization server's paths lead to. */
export interface RouteTargets extends ServerFunctions {
  /** Whether there is an authorization endpoint, with that function behind it. */
  readonly hasAuthorizationEndpoint: boolean;
}

/**
 * Adds the routes. Any method, so that the functions answer a wrong one with a proper 405.
 * @returns those of the token endpoint
 */
export function addRoutes(
  httpApi: HttpApi,
  { hasAuthorizationEndpoint, ...functions }: RouteTargets,
): readonly HttpRoute[] {
  const add = (path: string, integration: HttpLambdaIntegration): readonly HttpRoute[] => {
    const routes = httpApi.addRoutes({ path, methods: [HttpMethod.ANY], integration });
    for (const route of routes) acknowledge(route, publicEndpoint);
    return routes;
  };
  const token = add('/token', new HttpLambdaIntegration('Token', functions.token));
  const discovery = new HttpLambdaIntegration('Discovery', functions.discovery);
  add('/.well-known/oauth-authorization-server', discovery);
  add('/.well-known/openid-configuration', discovery);
  add('/.well-known/jwks.json', discovery);
  if (hasAuthorizationEndpoint) add('/authorize', discovery);
  return token;
}

const publicEndpoint = {
  id: 'AwsSolutions-APIG4',
  reason:
    'The token endpoint authenticates the client itself (RFC 6749 §3.2.1); metadata and JWK Set are public (RFC 8414 §3).',
};
