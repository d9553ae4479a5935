import type { ApiAuthorizer } from '../apis/api.ts';
import type { Guarding } from './served-apis.ts';

/**
 * Finds authorizers of an API none of whose routes is guarded: it is open, whatever `routes` lists.
 * @returns one sentence for each
 */
export const idleAuthorizers = (
  authorizers: readonly ApiAuthorizer[],
  { served, isGuarded, apiPath }: Guarding,
): string[] =>
  authorizers
    .filter(({ api }) => served.some((route) => route.api === api))
    .filter(({ api }) => !served.some((route) => route.api === api && isGuarded(route)))
    .map(
      ({ path, api }) =>
        `"${path}" guards no route of "${apiPath(api)}": let it guard those that routes lists, or leave it out.`,
    );
