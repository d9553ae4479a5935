import type { IConstruct } from 'constructs';
import type { Routes } from '../../../functions/authorizer/routes.ts';
import type { ApiAuthorizer, ApiRoute } from '../apis/api.ts';
import { apisOf } from '../apis/apis.ts';
import { callsOf } from '../apis/calls.ts';
import { type AppTemplate, readApp } from '../template/app-template.ts';
import { refersTo } from '../template/written-out.ts';
import { avoidable } from './avoidable.ts';
import { idleAuthorizers } from './idle-authorizers.ts';
import { type Comparison, misplacedRoutes } from './misplaced-routes.ts';
import { sharedAnswers } from './results-cache.ts';
import { servedApis, unknownRoutes } from './served-apis.ts';
import { unlistedMethods } from './unlisted-methods.ts';
import { unnamedApis } from './unnamed-apis.ts';
import { unseenDefinitions } from './unseen-definitions.ts';

/** What is guarded, and by what. */
interface Guarded {
  readonly function: IConstruct;
  readonly routes: Routes;
}

/**
 * Looks through the whole app for authorizers that call a function, whoever made them, and for the routes
 * that they guard.
 * @returns one sentence for each thing that would let in the wrong ones, or that nobody can see
 */
export function authorizerProblems(guarded: Guarded & { readonly takesBound: boolean }): string[] {
  const app = readApp(guarded.function);
  const calls = callsOf(guarded.function, app);
  const { authorizers, routes: served } = apisOf(app);
  const ours = authorizers.filter(({ text }) => calls(text));
  const isAbout = (text: string) => calls(text) || isGuardedBy(ours, text);
  const called = { path: guarded.function.node.path, takesBound: guarded.takesBound };
  const byToken = ours.filter(({ type }) => type !== 'REQUEST');
  const { routes } = guarded;
  const isGuarded = isOneOf(ours);
  return [
    ...sharedAnswers(ours, called),
    ...idleAuthorizers(ours, { served, isGuarded, apiPath: apiPathIn(app) }),
    ...avoidable(served.filter(isGuarded), (way) => isGuardedBy(ours, way)),
    ...unlistedMethods(served.filter(isOneOf(byToken)), routes),
    ...routeProblems(app, isAbout, {
      routes,
      guardian: 'authorizer',
      served,
      isGuarded,
    }),
  ];
}

/** Looks through the whole app for the routes that call a function which guards itself. */
export function guardProblems({ function: guarded, routes }: Guarded): string[] {
  const app = readApp(guarded);
  const calls = callsOf(guarded, app);
  const served = apisOf(app).routes.filter(({ kind }) => kind === 'HTTP');
  const comparison = { served, isGuarded: ({ target }: ApiRoute) => calls(target) };
  return [
    ...routeProblems(app, calls, { ...comparison, routes, guardian: 'guard' }),
    ...unnamedApis(guarded, app, servedApis({ ...comparison, apiPath: apiPathIn(app) })),
  ];
}

const isGuardedBy = (authorizers: readonly ApiAuthorizer[], text: string): boolean =>
  authorizers.some(({ name }) => refersTo(text, name));

const isOneOf =
  (authorizers: readonly ApiAuthorizer[]) =>
  ({ ways }: ApiRoute): boolean =>
    ways.some((way) => isGuardedBy(authorizers, way));

/** What a person calls an API. */
const apiPathIn =
  (app: AppTemplate) =>
  (api: string): string =>
    app.named.get(api)?.path ?? api;

function routeProblems(
  app: AppTemplate,
  isAbout: (text: string) => boolean,
  comparison: Omit<Comparison, 'apiPath'>,
): string[] {
  const apiPath = apiPathIn(app);
  const unknown = [
    ...unseenDefinitions(app, isAbout),
    ...unknownRoutes({ ...comparison, apiPath }),
  ];
  return unknown.length > 0 ? unknown : misplacedRoutes({ ...comparison, apiPath });
}
