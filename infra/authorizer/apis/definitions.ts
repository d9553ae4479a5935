import type { TemplateResource } from '../template/parts.ts';
import { asText, isKnownText, type Properties, referenceTo } from '../template/written-out.ts';
import { type ApiAuthorizer, type ApiRoute, secondsOf } from './api.ts';
import { definedWays } from './ways.ts';

/** Finds the authorizers in the OpenAPI definition of an API, wherever in it they are. */
export const definedAuthorizers = (api: TemplateResource): ApiAuthorizer[] =>
  namedAuthorizers('', api.properties.Body).map(([name, authorizer]) => {
    const { type, identitySource, authorizerResultTtlInSeconds: ttl = 300 } = authorizer;
    return {
      api: api.name,
      name: schemeName(api, name),
      path: `${api.path}/${name}`,
      kind: kindOf(api),
      type: types[`${kindOf(api)} ${asText(type)}`] ?? 'UNKNOWN',
      seconds: secondsOf(ttl),
      identitySources: asText(identitySource).split(/\s*,\s*/),
      text: asText(authorizer),
    };
  });

const types: Readonly<Record<string, ApiAuthorizer['type']>> = {
  'HTTP request': 'REQUEST',
  'REST request': 'REQUEST',
  'REST token': 'TOKEN',
};

function namedAuthorizers(name: string, value: unknown): [string, Properties][] {
  if (typeof value !== 'object' || value === null) return [];
  const {
    'x-amazon-apigateway-authorizer': one,
    'x-amazon-apigateway-authorizers': several,
    ...others
  }: Properties = { ...value };
  const own: [string, Properties][] = [
    [name, one] as const,
    ...Object.entries<unknown>(Object(several)),
  ].flatMap(([key, authorizer]) => (authorizer ? [[key, Object(authorizer)]] : []));
  return [
    ...own,
    ...Object.entries(others).flatMap(([key, inner]) => namedAuthorizers(key, inner)),
  ];
}

/** Finds the routes in the OpenAPI definition of an API. */
export function definedRoutes(api: TemplateResource): ApiRoute[] {
  const body: Definition = Object(api.properties.Body);
  return Object.entries(body.paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(Object(operations))
      .filter(([method]) => method in methods)
      .map(([method, operation]) => ({
        kind: kindOf(api),
        api: api.name,
        path: `${api.path}/${path}`,
        key: keyOf(methods[method], path),
        ways: securityOf({ security: body.security, ...Object(operation) }, api),
        target: integrationOf(Object(operation), body),
      })),
  );
}

/** Whether all operations of a definition are in it. */
export function isWhole(body: unknown): boolean {
  const { paths = {} }: Definition = Object(body);
  const items = [body, paths, ...Object.values(paths)];
  const operations = items.flatMap((item) =>
    Object.entries(Object(item)).flatMap(([name, value]) => (name in methods ? [value] : [])),
  );
  const isWritten = (value: unknown) => typeof value === 'object' && value !== null;
  return items.every(isWritten) && operations.every(isWritten) && !items.some(isElsewhere);
}

const isElsewhere = (item: unknown): boolean => '$ref' in Object(item);

/** What is read of a definition. */
interface Definition {
  readonly paths?: Readonly<Record<string, unknown>>;
  readonly security?: unknown;
  readonly components?: Readonly<Record<string, Properties>>;
}

interface Operation {
  readonly security?: unknown;
  readonly 'x-amazon-apigateway-auth'?: Properties;
  readonly 'x-amazon-apigateway-integration'?: Properties;
}

const methods: Readonly<Record<string, string>> = {
  delete: 'DELETE',
  get: 'GET',
  head: 'HEAD',
  options: 'OPTIONS',
  patch: 'PATCH',
  post: 'POST',
  put: 'PUT',
  'x-amazon-apigateway-any-method': 'ANY',
};

function keyOf(method = '', path: string): string | undefined {
  if (/^\/?\$default$/.test(path)) return '$default';
  return isKnownText(path) ? `${method} ${path}` : undefined;
}

function securityOf(
  { security = [], 'x-amazon-apigateway-auth': auth }: Operation,
  api: TemplateResource,
): readonly string[] {
  const type = auth === undefined ? auth : (auth.type ?? 'NONE');
  return definedWays(security, type, (name) => referenceTo(schemeName(api, name)));
}

/** With what it refers to elsewhere in the definition. */
function integrationOf(operation: Operation, { components }: Definition): string {
  const integration = operation['x-amazon-apigateway-integration'] ?? {};
  const [, group = '', name = ''] =
    /^#\/components\/([^/]+)\/([^/]+)$/.exec(asText(integration.$ref)) ?? [];
  return asText([integration, components?.[group]?.[name]]);
}

const schemeName = ({ name }: TemplateResource, scheme: string): string => `${name} ${scheme}`;

const kindOf = ({ type }: TemplateResource): ApiAuthorizer['kind'] =>
  type === 'AWS::ApiGateway::RestApi' ? 'REST' : 'HTTP';
