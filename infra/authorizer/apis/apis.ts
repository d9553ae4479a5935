import type { AppTemplate } from '../template/app-template.ts';
import type { TemplateResource } from '../template/parts.ts';
import type { ApiAuthorizer, ApiRoute } from './api.ts';
import { authorizersOf } from './authorizers.ts';
import { definedRoutes } from './definitions.ts';
import { httpRoutes, quickRoutes } from './http-routes.ts';
import { restRoutes } from './rest-routes.ts';

/** All APIs that an app makes or adds to. */
export interface Apis {
  readonly authorizers: readonly ApiAuthorizer[];
  readonly routes: readonly ApiRoute[];
}

/** Finds the authorizers and the routes in the templates of an app. */
export const apisOf = (app: AppTemplate): Apis => ({
  authorizers: app.resources.flatMap(authorizersOf),
  routes: app.resources.flatMap((resource) => routes[resource.type]?.(resource, app) ?? []),
});

const routes: Readonly<
  Record<string, (resource: TemplateResource, app: AppTemplate) => readonly ApiRoute[]>
> = {
  'AWS::ApiGateway::Method': restRoutes,
  'AWS::ApiGateway::RestApi': definedRoutes,
  'AWS::ApiGatewayV2::Api': (api) => [...quickRoutes(api), ...definedRoutes(api)],
  'AWS::ApiGatewayV2::Route': httpRoutes,
};
