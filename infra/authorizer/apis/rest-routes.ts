import type { AppTemplate } from '../template/app-template.ts';
import type { TemplateResource } from '../template/parts.ts';
import { asText, isKnownText } from '../template/written-out.ts';
import { type ApiRoute, apiNameOf } from './api.ts';
import { waysOf } from './ways.ts';

/** Reads an `AWS::ApiGateway::Method`. */
export function restRoutes(method: TemplateResource, app: AppTemplate): ApiRoute[] {
  const { RestApiId, ResourceId, HttpMethod, Integration } = method.properties;
  const path = pathOf(ResourceId, app) ?? declaredPath(method, 'resource');
  return [
    {
      kind: 'REST',
      api: apiNameOf(asText(RestApiId)),
      path: method.path,
      key:
        isKnownText(HttpMethod) && isKnownText(path) ? `${HttpMethod} ${path || '/'}` : undefined,
      ways: waysOf(method.properties),
      target: asText(Integration),
    },
  ];
}

/** The path of a resource of a REST API, without a slash at its end; undefined: it cannot be told. */
function pathOf(reference: unknown, app: AppTemplate): string | undefined {
  const text = asText(reference);
  if (/^<[^<>]+\.RootResourceId>$/.test(text)) return '';
  const resource = app.named.get(apiNameOf(text));
  if (resource?.type !== 'AWS::ApiGateway::Resource') return undefined;
  const { ParentId, PathPart } = resource.properties;
  const above = pathOf(ParentId, app) ?? declaredPath(resource, 'parentResource');
  return above === undefined ? undefined : `${above}/${asText(PathPart)}`;
}

/** Of an API of another app the construct alone says which of its resources is meant. */
function declaredPath(
  { element }: TemplateResource,
  name: 'resource' | 'parentResource',
): string | undefined {
  const { [name]: { path } = {} }: { [name: string]: { path?: unknown } } = Object(
    element.node.scope,
  );
  return isKnownText(path) ? path.replace(/\/$/, '') : undefined;
}
