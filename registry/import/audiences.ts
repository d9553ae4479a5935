import {
  isResourceIdentifier,
  registeredIdentifier,
} from '../../functions/oauth/resource-server.ts';
import { type ForeignGrant, Unreadable } from './reading.ts';

/** What the audiences of another system are called here. */
export interface AudienceNames {
  /** Audience -> resource server, as the importer says it. */
  readonly resources: ReadonlyMap<string, string>;
  /** The resource server of what names no audience. */
  readonly defaultResource?: string | undefined;
}

/**
 * The resource server of an audience: as the importer says; else the audience itself, if it is a URI, as the `aud` of
 * our tokens is; else `api://` and the audience. What has a colon is meant as a URI, and refused if it is none.
 */
export function resourceOf(audience: string, { resources }: AudienceNames): string {
  const said = resources.get(audience) ?? audience;
  if (isResourceIdentifier(said)) return registeredIdentifier(said);
  return said.includes(':') ? said : `api://${encodeURIComponent(said)}`;
}

/**
 * Grants by resource server. Several audiences may be one resource server, which has the scopes of them all.
 * @throws Unreadable when an audience is needed that nobody has named
 */
export function grantsByResource(
  grants: readonly ForeignGrant[],
  names: AudienceNames,
): ReadonlyMap<string, readonly string[]> {
  const named = Map.groupBy(grants, ({ audience }) =>
    audience === undefined ? neededDefault(names) : resourceOf(audience, names),
  );
  return new Map(
    [...named].map(([resource, all]) => [
      resource,
      [...new Set(all.flatMap(({ scopes }) => scopes))],
    ]),
  );
}

function neededDefault({ defaultResource }: AudienceNames): string {
  if (defaultResource !== undefined) return defaultResource;
  throw new Unreadable(
    'audience: it has none, and there is no default resource server; name one with --default-resource',
  );
}
