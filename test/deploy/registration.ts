import { countersign } from './countersign.ts';

/** A client that may get tokens. */
export interface Registered {
  readonly client_id: string;
  readonly client_secret: string;
}

/** Registers a resource server, which becomes the default, by the `countersign` command. */
export async function registerResource(resource: string, scope: string): Promise<void> {
  await countersign('resource', 'create', resource, '--scope', scope);
}

/** Registers a client of the default resource server, by the `countersign` command. */
export const registerClient = (scope: string): Promise<Registered> =>
  countersign('client', 'create', '--name', 'Billing', '--scope', scope);
