import type { ApiRoute } from '../apis/api.ts';

/** Which routes there are, and which of them somebody guards. */
export interface Guarding {
  readonly served: readonly ApiRoute[];
  readonly isGuarded: (route: ApiRoute) => boolean;
  /** What a person calls an API. */
  readonly apiPath: (api: string) => string;
}

/** A route whose key is known. */
export interface Served extends ApiRoute {
  readonly key: string;
  readonly isGuarded: boolean;
}

/** An API with at least one route that is guarded. */
export interface ServedApi {
  readonly name: string;
  /** What a person calls it. */
  readonly path: string;
  readonly routes: readonly Served[];
}

/** Sorts routes by API, and leaves out the APIs that nobody guards. */
export const servedApis = ({ served, isGuarded, apiPath }: Guarding): readonly ServedApi[] =>
  [...Map.groupBy(served, ({ api }) => api)]
    .map(([api, routes]) => ({
      name: api,
      path: apiPath(api),
      routes: routes.flatMap((route) =>
        route.key === undefined ? [] : [{ ...route, key: route.key, isGuarded: isGuarded(route) }],
      ),
    }))
    .filter(({ routes }) => routes.some((route) => route.isGuarded));

/**
 * Finds routes that somebody guards and nobody can compare with a list.
 * @returns one sentence for each
 */
export const unknownRoutes = ({ served, isGuarded }: Guarding): string[] =>
  served
    .filter((route) => route.key === undefined && isGuarded(route))
    .map(
      ({ kind, path }) =>
        `which route "${path}" is cannot be told before the deployment, and so not whether routes lists ` +
        `it: ${remedies[kind]}.`,
    );

const remedies = {
  HTTP: 'write its route key out',
  REST: 'write its method and path out, and add to the API of another app by RestApi.fromRestApiAttributes()',
};
