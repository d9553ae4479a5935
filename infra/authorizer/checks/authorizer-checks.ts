import type { IConstruct } from 'constructs';
import type { Routes } from '../../../functions/authorizer/routes.ts';
import type { ApiAuthorizer, ApiRoute } from '../apis/api.ts';
import { apisOf } from '../apis/apis.ts';
import { callsOf, functionName } from '../apis/calls.ts';
import { type Guardians, guardiansOf } from '../apis/guardians.ts';
import { type AppTemplate, readApp } from '../template/app-template.ts';
import { refersTo } from '../template/written-out.ts';
import { avoidable } from './avoidable.ts';
import type { Findings } from './findings.ts';
import { idleAuthorizers } from './idle-authorizers.ts';
import { type Comparison, misplacedRoutes } from './misplaced-routes.ts';
import { cheaperVariants, guardedElsewhere, openVariants, variantsOf } from './path-variants.ts';
import { lateAnswers, sharedAnswers } from './results-cache.ts';
import { servedApis, unknownRoutes } from './served-apis.ts';
import { unlistedMethods } from './unlisted-methods.ts';
import { unnamedApis } from './unnamed-apis.ts';
import { unseenDefinitions } from './unseen-definitions.ts';

/** What is guarded, and by what. */
interface Guarded {
  readonly function: IConstruct;
  readonly routes: Routes;
}

interface GuardedByAuthorizer extends Guarded {
  readonly takesBound: boolean;
  /** Seconds for which an answer may be kept, so that tokens that were taken back are refused in time. */
  readonly longest: number;
}

/**
 * Looks through the whole app for authorizers that call a function, whoever made them, and for the routes
 * that they guard.
 */
export function authorizerFindings(guarded: GuardedByAuthorizer): Findings {
  const app = readApp(guarded.function);
  const calls = callsOf(functionName(guarded.function), app);
  const apis = apisOf(app);
  const ours = apis.authorizers.filter(({ text }) => calls(text));
  const isAbout = (text: string) => calls(text) || isGuardedBy(ours, text);
  const { takesBound, longest } = guarded;
  const called = { path: guarded.function.node.path, takesBound, longest };
  const byToken = ours.filter(({ type }) => type !== 'REQUEST');
  const { routes: served } = apis;
  const { routes } = guarded;
  const isGuarded = isOneOf(ours);
  const guardians = guardiansOf(app, apis.authorizers, functionName(guarded.function));
  const comparison = comparisonIn(app, guardians, { served, isGuarded, routes, by: 'authorizer' });
  const variants = variantFindings(comparison, guardians);
  return {
    ...variants,
    problems: [
      ...sharedAnswers(ours, called),
      ...lateAnswers(ours, called),
      ...idleAuthorizers(ours, comparison),
      ...avoidable(served.filter(isGuarded), (way) => isGuardedBy(ours, way)),
      ...unlistedMethods(served.filter(isOneOf(byToken)), routes),
      ...routeProblems(app, isAbout, comparison),
      ...variants.problems,
    ],
  };
}

/** Looks through the whole app for the routes that call a function which guards itself. */
export function guardFindings({ function: guarded, routes }: Guarded): Findings {
  const app = readApp(guarded);
  const calls = callsOf(functionName(guarded), app);
  const apis = apisOf(app);
  const served = apis.routes.filter(({ kind }) => kind === 'HTTP');
  const isGuarded = ({ target }: ApiRoute) => calls(target);
  const guardians = guardiansOf(app, apis.authorizers, functionName(guarded));
  const comparison = comparisonIn(app, guardians, { served, isGuarded, routes, by: 'guard' });
  const variants = variantFindings(comparison, guardians);
  return {
    ...variants,
    problems: [
      ...routeProblems(app, calls, comparison),
      ...unnamedApis(guarded, app, servedApis(comparison)),
      ...variants.problems,
    ],
  };
}

const isGuardedBy = (authorizers: readonly ApiAuthorizer[], text: string): boolean =>
  authorizers.some(({ name }) => refersTo(text, name));

const isOneOf =
  (authorizers: readonly ApiAuthorizer[]) =>
  ({ ways }: ApiRoute): boolean =>
    ways.some((way) => isGuardedBy(authorizers, way));

/** Adds what the app tells: what a person calls an API, and what others guard. */
const comparisonIn = (
  app: AppTemplate,
  guardians: Guardians,
  guarding: Omit<Comparison, 'apiPath' | 'isGuardedElsewhere'>,
): Comparison => ({
  ...guarding,
  apiPath: (api) => app.named.get(api)?.path ?? api,
  isGuardedElsewhere: guardedElsewhere(guardians),
});

function routeProblems(
  app: AppTemplate,
  isAbout: (text: string) => boolean,
  comparison: Comparison,
): string[] {
  const unknown = [...unseenDefinitions(app, isAbout), ...unknownRoutes(comparison)];
  return unknown.length > 0 ? unknown : misplacedRoutes(comparison);
}

function variantFindings(comparison: Comparison, guardians: Guardians): Findings {
  const variants = variantsOf(comparison);
  return {
    problems: cheaperVariants(variants, guardians),
    warnings: openVariants(variants, guardians),
  };
}
