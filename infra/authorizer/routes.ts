import { Token } from 'aws-cdk-lib';
import { ambiguousArns } from '../../functions/authorizer/ambiguous-paths.ts';
import { accessPolicy } from '../../functions/authorizer/policy.ts';
import { conflictingRoutes, parseRoutes, type Routes } from '../../functions/authorizer/routes.ts';
import { digestOf } from '../asset-folder.ts';
import { ConfigurationError, parseSetting, wrongValue } from '../settings/configuration-error.ts';
import { rememberRoutes } from './apis/long-routes.ts';

/**
 * Route key (`GET /orders/{id}`) -> the scope-tokens that it needs, all of them.
 *
 * @example
 * import type { RouteScopes } from 'countersign';
 *
 * const routes: RouteScopes = {
 *   'GET /orders/{id}': ['orders:read'],
 *   'DELETE /orders/{id}': ['orders:read', 'orders:write'],
 * };
 */
export type RouteScopes = { readonly [routeKey: string]: string[] };

// Lambda takes 4 KB of environment in all, and the other variables need some of it.
const maxRoutesBytes = 3072;
// API Gateway takes 8 KB of an authorizer's answer; the rest of them are for the context.
const maxPolicyBytes = 4608;
// As long as the ARN of a stage is likely to be.
const stageArn = `arn:aws-us-gov:execute-api:us-gov-west-1:000000000000:0000000000/${'s'.repeat(32)}`;

/** A table of routes, as an authorizer gets it. */
interface RoutesTable {
  /** Its variable: the table as JSON, or the name of the file that has it. */
  readonly variable: string;
  /** The texts of files by their names: none, where the table is short. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Writes the routes as JSON: for the environment of an authorizer, or for a file where they are too long.
 * @throws ConfigurationError when the authorizer could not read it
 */
export function routesTable(scopes: RouteScopes): RoutesTable {
  const json = jsonOf(scopes);
  parse(json);
  if (Buffer.byteLength(json) <= maxRoutesBytes) return { variable: json, files: {} };
  if (Token.isUnresolved(json)) {
    throw new ConfigurationError(
      'routes has values that only the deployment knows, but so long a table is a file: write them out.',
    );
  }
  const name = `routes-${digestOf(json)}.json`;
  rememberRoutes(name, json);
  return { variable: name, files: { [name]: json } };
}

/**
 * Reads the routes as the authorizer will.
 * @throws ConfigurationError
 */
export const readRoutes = (scopes: RouteScopes): Routes => parse(jsonOf(scopes));

/** All scope-tokens that routes need, each once. */
export const scopesOf = (scopes: RouteScopes): string[] => [
  ...new Set(Object.values(scopes).flat()),
];

/**
 * Checks that the one policy of a TOKEN authorizer can express all routes.
 * @throws ConfigurationError
 */
export function checkTokenRoutes(scopes: RouteScopes): void {
  const routes = readRoutes(scopes);
  const [conflict] = conflictingRoutes(routes);
  if (conflict !== undefined) {
    throw new ConfigurationError(
      `routes has "${conflict.other}", which as a policy also covers "${conflict.route}" and asks for ` +
        `more: take restRequestAuthorizer() instead, give "${conflict.route}" at least the same scope, or ` +
        'move one of the two to a path that the other does not match.',
    );
  }
  const denied = ambiguousArns(stageArn);
  const policy = JSON.stringify(accessPolicy({ stageArn, scope: new Set(), routes, denied }));
  const bytes = Buffer.byteLength(policy);
  if (bytes <= maxPolicyBytes) return;
  throw new ConfigurationError(
    `routes makes a policy of ${bytes} bytes, but a TOKEN authorizer has room for ${maxPolicyBytes}, some 39 ` +
      'routes: take restRequestAuthorizer(), which has no such limit, or write several routes as one ({proxy+}).',
  );
}

function jsonOf(scopes: RouteScopes): string {
  if (typeof scopes === 'object' && scopes !== null) return JSON.stringify(scopes);
  throw wrongValue('routes', scopes, "must be an object, such as { 'GET /orders': ['read'] }");
}

const parse = (json: string): Routes => parseSetting('routes', () => parseRoutes(json));
