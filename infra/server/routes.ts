import { type HttpApi, HttpMethod, type HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { endpointPaths } from '../../functions/oauth/endpoint-paths.ts';
import { revocationListPath } from '../../functions/oauth/revocation-list.ts';
import { statusListPath } from '../../functions/oauth/status-list.ts';
import { acknowledge } from '../settings/acknowledgement.ts';
import type { ServerFunctions } from './server-functions.ts';

/** What the authorization server's paths lead to. */
export interface RouteTargets extends ServerFunctions {
  /** Whether there is an authorization endpoint, with that function behind it. */
  readonly hasAuthorizationEndpoint: boolean;
}

/**
 * Adds the routes. Any method, so that the functions answer a wrong one with a proper 405.
 * @returns those at which clients authenticate: each has the throttle of the token endpoint, since it is as dear
 *   and as attractive to guess at. What everybody may read has the other, the lists of what was taken back too,
 *   so that nobody who floods the one keeps authorizers from these.
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
  const { token, revocation, introspection } = endpointPaths;
  const clientRoutes = [
    ...add(token, new HttpLambdaIntegration('Token', functions.token)),
    ...add(revocation, new HttpLambdaIntegration('Revocation', functions.revocation)),
    ...add(introspection, new HttpLambdaIntegration('Introspection', functions.introspection)),
  ];
  const discovery = publishing('Discovery', functions.discovery);
  add('/.well-known/oauth-authorization-server', discovery);
  add('/.well-known/openid-configuration', discovery);
  add('/.well-known/jwks.json', discovery);
  const lists = publishing('RevocationList', functions.revocationList);
  add(revocationListPath, lists);
  add(statusListPath('{list}'), lists);
  if (hasAuthorizationEndpoint) add('/authorize', discovery);
  return clientRoutes;
}

/** What is public has one permission for all of its routes, not one for each: a template has to fit into a request. */
const publishing = (id: string, called: LambdaFunction): HttpLambdaIntegration =>
  new HttpLambdaIntegration(id, called, { scopePermissionToRoute: false });

const publicEndpoint = {
  id: 'AwsSolutions-APIG4',
  reason:
    'Endpoints of clients authenticate these themselves (RFC 6749 §3.2.1); metadata and JWK Set are public (RFC 8414 §3), ' +
    'and so are the lists of what was taken back.',
};
