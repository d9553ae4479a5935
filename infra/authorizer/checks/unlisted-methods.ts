import { type Routes, requiredScope } from '../../../functions/authorizer/routes.ts';
import type { ApiRoute } from '../apis/api.ts';

/**
 * Finds methods behind an authorizer of type TOKEN that are not listed. A policy knows patterns alone, so
 * that such a route would be open to whoever may call one that is listed with a path parameter above it.
 * @returns one sentence for each
 */
export const unlistedMethods = (guarded: readonly ApiRoute[], routes: Routes): string[] =>
  guarded
    .flatMap(({ key }) => (key === undefined ? [] : [key]))
    .filter((key) => requiredScope(key, routes) === undefined)
    .map((key) => `routes does not list "${key}", which this authorizer guards: list it.`);
