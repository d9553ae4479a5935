import type { AppTemplate } from '../template/app-template.ts';
import type { TemplateResource } from '../template/parts.ts';
import { asText, isKnownText, refersTo } from '../template/written-out.ts';
import { type ApiRoute, apiNameOf } from './api.ts';
import { openWay, waysOf } from './ways.ts';

/** Reads an `AWS::ApiGatewayV2::Route`. */
export function httpRoutes({ path, properties }: TemplateResource, app: AppTemplate): ApiRoute[] {
  const { ApiId, RouteKey, Target } = properties;
  return [
    {
      kind: 'HTTP',
      api: apiNameOf(asText(ApiId)),
      path,
      key: isKnownText(RouteKey) ? RouteKey : undefined,
      ways: waysOf(properties),
      target: integrationIn(asText(Target), app),
    },
  ];
}

/** The route that an API has without a resource of its own: `Target` makes one. */
export function quickRoutes({ name, path, properties }: TemplateResource): ApiRoute[] {
  const { RouteKey = '$default', Target } = properties;
  if (Target === undefined) return [];
  const key = isKnownText(RouteKey) ? RouteKey : undefined;
  return [{ kind: 'HTTP', api: name, path, key, ways: [openWay], target: asText(Target) }];
}

/** What a route calls by way of `integrations/...`. */
const integrationIn = (target: string, { resources }: AppTemplate): string =>
  resources
    .filter(({ type }) => type === 'AWS::ApiGatewayV2::Integration')
    .filter(({ name }) => refersTo(target, name))
    .map(({ properties }) => asText(properties))
    .join('');
