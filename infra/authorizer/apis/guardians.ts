import { guardVariable } from '../../../functions/authorizer/guard/environment.ts';
import { parseRoutes, type Routes } from '../../../functions/authorizer/routes.ts';
import type { AppTemplate } from '../template/app-template.ts';
import type { TemplateResource } from '../template/parts.ts';
import { asText, type Properties, refersTo } from '../template/written-out.ts';
import type { ApiAuthorizer, ApiRoute } from './api.ts';
import { callsOf } from './calls.ts';
import { writtenRoutes } from './long-routes.ts';

/** A function that has a table of routes: an authorizer, or one that guards itself. */
export interface Guardian {
  readonly name: string;
  /** What a person calls it. */
  readonly path: string;
  readonly routes: Routes;
  /** Whether it refuses tokens that are bound to nothing. */
  readonly refusesUnbound: boolean;
  readonly guards: (route: ApiRoute) => boolean;
}

/** The one whose table is looked at, and all others. */
export interface Guardians {
  readonly own: Guardian | undefined;
  readonly others: readonly Guardian[];
}

/**
 * Finds the functions of an app that have a table of routes, by their environment.
 * @param name of the function whose table is looked at
 */
export function guardiansOf(
  app: AppTemplate,
  authorizers: readonly ApiAuthorizer[],
  name: string,
): Guardians {
  const all = app.resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .flatMap((resource) => [
      ...guardianOf(
        resource,
        (variable) => variable,
        () => inFront(resource, app, authorizers),
      ),
      ...guardianOf(resource, guardVariable, () => within(resource, app)),
    ]);
  return {
    own: all.find((guardian) => guardian.name === name),
    others: all.filter((guardian) => guardian.name !== name),
  };
}

function guardianOf(
  { name, path, properties: { Environment } }: TemplateResource,
  variable: (name: string) => string,
  guards: () => Guardian['guards'],
): Guardian[] {
  const { Variables }: Properties = Object(Environment);
  const variables: Properties = Object(Variables);
  const routes = routesIn(asText(variables[variable('ROUTES')]));
  const refusesUnbound = variables[variable('BOUND_TOKENS')] === 'required';
  return routes ? [{ name, path, routes, refusesUnbound, guards: guards() }] : [];
}

/** A variable of this name may be somebody's own. */
function routesIn(text: string): Routes | undefined {
  try {
    return parseRoutes(writtenRoutes(text));
  } catch {
    return undefined;
  }
}

function inFront(
  { name }: TemplateResource,
  app: AppTemplate,
  authorizers: readonly ApiAuthorizer[],
): Guardian['guards'] {
  const calls = callsOf(name, app);
  const own = authorizers.filter(({ text }) => calls(text));
  return ({ ways }) =>
    ways.every((way) => own.some((authorizer) => refersTo(way, authorizer.name)));
}

function within({ name }: TemplateResource, app: AppTemplate): Guardian['guards'] {
  const calls = callsOf(name, app);
  return ({ target }) => calls(target);
}
