import type { JsonObject } from '../../json-input.ts';
import { flag, object, objects, text, texts } from '../members.ts';
import type { ForeignGrant } from '../reading.ts';

/** Client scopes that each realm has; they are for tokens of users, or make claims of Keycloak's. */
const builtIn: ReadonlySet<string> = new Set([
  'acr',
  'address',
  'basic',
  'email',
  'microprofile-jwt',
  'offline_access',
  'openid',
  'organization',
  'phone',
  'profile',
  'roles',
  'service_account',
  'web-origins',
]);

interface ClientScope {
  readonly name: string;
  readonly audiences: readonly string[];
  readonly isScopeToken: boolean;
}

/**
 * What a client of Keycloak's may have. Audiences are made by mappers: the client's own, and those of its client
 * scopes. A client scope with an audience of its own is one at that audience, and any other at all of them.
 */
export function keycloakGrants(
  client: JsonObject,
  scopes: ReadonlyMap<string, JsonObject>,
): readonly ForeignGrant[] {
  const own = audiences(client);
  const all = clientScopes(client, scopes);
  const everywhere = [...new Set([...own, ...all.flatMap((scope) => scope.audiences)])];
  const tokens = all.filter((scope) => scope.isScopeToken);
  if (everywhere.length === 0) return [{ scopes: tokens.map(({ name }) => name) }];
  return everywhere.map((audience) => ({
    audience,
    scopes: tokens
      .filter(
        (scope) => scope.audiences.length === 0 || [...scope.audiences, ...own].includes(audience),
      )
      .map(({ name }) => name),
  }));
}

/** One that is left out of the token's scope may still be asked for by name, if it is optional. */
function clientScopes(
  client: JsonObject,
  scopes: ReadonlyMap<string, JsonObject>,
): readonly ClientScope[] {
  const optional = texts(client, 'optionalClientScopes');
  const names = [...texts(client, 'defaultClientScopes'), ...optional];
  return names
    .filter((name) => !builtIn.has(name))
    .map((name) => {
      const scope = scopes.get(name) ?? {};
      const isShown = object(scope, 'attributes')['include.in.token.scope'] !== 'false';
      return {
        name,
        audiences: audiences(scope),
        isScopeToken: isShown || optional.includes(name),
      };
    });
}

/** The mapper that writes `aud`. */
export const audienceMapper = 'oidc-audience-mapper';

function audiences(holder: JsonObject): readonly string[] {
  return objects(holder, 'protocolMappers')
    .filter((mapper) => mapper.protocolMapper === audienceMapper)
    .map((mapper) => object(mapper, 'config'))
    .filter((config) => flag(config, 'access.token.claim'))
    .flatMap(
      (config) =>
        text(config, 'included.client.audience') ?? text(config, 'included.custom.audience') ?? [],
    );
}
