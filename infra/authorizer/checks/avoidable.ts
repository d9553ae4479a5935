import type { ApiRoute } from '../apis/api.ts';

/**
 * Finds routes that have an authorizer, and also a way past it.
 * @param isGuarded whether a way in takes the authorizer
 * @returns one sentence for each
 */
export const avoidable = (
  routes: readonly ApiRoute[],
  isGuarded: (way: string) => boolean,
): string[] =>
  routes
    .filter(({ ways }) => !ways.every(isGuarded))
    .map(
      ({ path }) =>
        `"${path}" has this authorizer, but there is a way past it: make its AuthorizationType "CUSTOM", or ` +
        'let each requirement of its security name the authorizer, on no condition and beside no other type.',
    );
