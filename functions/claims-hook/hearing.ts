import type { Client, GrantType } from '../oauth/client.ts';
import type { Confirmation } from '../oauth/confirmation.ts';
import type { ResourceServer } from '../oauth/resource-server.ts';
import type { Scope } from '../oauth/scope.ts';
import type { HookArguments, HookOutcome } from './hook.ts';

/** A token that was decided on, of which a hook hears. */
export interface Hearing {
  readonly client: Client;
  readonly grant: { readonly resourceServer: ResourceServer; readonly scope: Scope };
  readonly grant_type: GrantType;
  readonly cnf: Confirmation | undefined;
}

/** Asks the hook of a deployment. It does not fail. */
export type AskHook = (hearing: Hearing) => Promise<HookOutcome>;

/** What a hook hears: nothing by which a client authenticates, and copies, since records are cached. */
export const heardOf = ({ client, grant, grant_type, cnf }: Hearing): HookArguments => ({
  client: {
    client_id: client.client_id,
    client_name: client.client_name,
    token_endpoint_auth_method: client.token_endpoint_auth_method,
    claims: structuredClone(client.claims),
  },
  request: {
    resource: grant.resourceServer.resource,
    scope: [...grant.scope],
    grant_type,
    cnf: cnf && { ...cnf },
  },
});
