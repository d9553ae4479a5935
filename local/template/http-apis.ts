import { accountId, region } from '../account/local-account.ts';
import type { ThrottleSettings } from '../gateway/throttle.ts';
import type { Resolver } from './resolver.ts';
import { demand, malformed, number, type Resource, resourcesOf, text } from './resource.ts';
import type { StackTemplate } from './stack-template.ts';
import { throttlesOf } from './throttles.ts';

/** An HTTP API of a stack. */
export interface HttpApiDefinition {
  readonly id: string;
  readonly routes: readonly RouteDefinition[];
}

/** One of its routes. */
export interface RouteDefinition {
  /** `METHOD /path`, or `$default`. */
  readonly key: string;
  readonly target: Target;
  /** Seconds. */
  readonly integrationTimeout: number;
  readonly authorizer: AuthorizerDefinition | undefined;
  /** Undefined: none. */
  readonly throttle: ThrottleSettings | undefined;
}

/** The function that is called, and the ARN that its permission has to allow as the source. */
export interface Target {
  readonly functionArn: string;
  readonly sourceArn: string;
}

/** A Lambda authorizer: payload format 2.0, simple response. */
export interface AuthorizerDefinition {
  readonly id: string;
  readonly target: Target;
  readonly identitySources: readonly string[];
  /** Seconds. */
  readonly resultTtl: number;
}

/**
 * The HTTP APIs of a stack.
 * @throws Error for one without a `$default` stage that deploys by itself
 */
export function httpApisOf(stack: StackTemplate, resolve: Resolver): readonly HttpApiDefinition[] {
  const all = (type: string) => resourcesOf(stack, `AWS::ApiGatewayV2::${type}`, resolve);
  const parts = { integrations: all('Integration'), authorizers: all('Authorizer') };
  const stages = all('Stage').map(deployedStage);
  return all('Api').map((api) => {
    demand(api, 'ProtocolType', 'HTTP');
    const id = String(resolve(stack, { Ref: api.id }));
    const stage = stages.find((candidate) => text(candidate, 'ApiId') === id);
    if (!stage) throw new Error(`the API ${api.id} has no stage to be called at`);
    const own = all('Route').filter((route) => text(route, 'ApiId') === id);
    const routes = own.map((route) => routeOf(route, parts));
    const throttleOf = throttlesOf(
      stage,
      routes.map(({ key }) => key),
    );
    return { id, routes: routes.map((route) => ({ ...route, throttle: throttleOf(route.key) })) };
  });
}

interface Parts {
  readonly integrations: readonly Resource[];
  readonly authorizers: readonly Resource[];
}

function deployedStage(stage: Resource): Resource {
  demand(stage, 'StageName', '$default');
  demand(stage, 'AutoDeploy', true);
  return stage;
}

function routeOf(
  route: Resource,
  { integrations, authorizers }: Parts,
): Omit<RouteDefinition, 'throttle'> {
  const key = text(route, 'RouteKey');
  const [, path = ''] = /^\S+ (\/.*)$/.exec(key) ?? [undefined, '/$default'];
  const integration = one(integrations, route, text(route, 'Target').replace('integrations/', ''));
  demand(integration, 'IntegrationType', 'AWS_PROXY');
  demand(integration, 'PayloadFormatVersion', '2.0');
  return {
    key,
    target: {
      functionArn: functionIn(text(integration, 'IntegrationUri')),
      sourceArn: `${apiArn(route)}/$default/${key.split(' ')[0]}${path}`,
    },
    integrationTimeout: number(integration, 'TimeoutInMillis', 30_000) / 1000,
    authorizer: authorizerOf(route, authorizers),
  };
}

function authorizerOf(
  route: Resource,
  authorizers: readonly Resource[],
): AuthorizerDefinition | undefined {
  if (text(route, 'AuthorizationType', 'NONE') === 'NONE') return undefined;
  demand(route, 'AuthorizationType', 'CUSTOM');
  const authorizer = one(authorizers, route, text(route, 'AuthorizerId'));
  demand(authorizer, 'AuthorizerType', 'REQUEST');
  demand(authorizer, 'AuthorizerPayloadFormatVersion', '2.0');
  demand(authorizer, 'EnableSimpleResponses', true);
  const { IdentitySource = [] } = authorizer.properties;
  if (!Array.isArray(IdentitySource)) throw malformed(authorizer, 'IdentitySource');
  return {
    id: authorizer.id,
    target: {
      functionArn: functionIn(text(authorizer, 'AuthorizerUri')),
      sourceArn: `${apiArn(route)}/authorizers/${authorizer.id}`,
    },
    identitySources: IdentitySource.map(String),
    resultTtl: number(authorizer, 'AuthorizerResultTtlInSeconds', 0),
  };
}

const apiArn = (route: Resource) =>
  `arn:aws:execute-api:${region}:${accountId}:${text(route, 'ApiId')}`;

/** The ARN of a function, from itself or from the URI by which API Gateway invokes it. */
const functionIn = (uri: string) => /functions\/(arn:[^/]+)\/invocations$/.exec(uri)?.[1] ?? uri;

/** The resource that a route names. @throws Error unless it belongs to the same API */
function one(resources: readonly Resource[], route: Resource, id: string): Resource {
  const found = resources.find((resource) => resource.id === id);
  if (found && text(found, 'ApiId') === text(route, 'ApiId')) return found;
  throw new Error(`the route ${text(route, 'RouteKey')} names ${id}, which its API does not have`);
}
