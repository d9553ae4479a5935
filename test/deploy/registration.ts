import { expect } from 'vitest';
import { countersign } from '../cli/command.ts';

/** A client that may get tokens. */
export interface Registered {
  readonly client_id: string;
  readonly client_secret: string;
}

/** Registers a resource server, which becomes the default, by the `countersign` command. */
export async function registerResource(resource: string, scope: string): Promise<void> {
  await json('resource', 'create', resource, '--scope', scope);
}

/** Registers a client of the default resource server, by the `countersign` command. */
export async function registerClient(scope: string): Promise<Registered> {
  return json('client', 'create', '--name', 'Billing', '--scope', scope);
}

/** The stack is found by its outputs: no option says where. */
async function json(...parameters: readonly string[]) {
  const { exitCode, stdout, stderr } = await countersign([...parameters, '--json']);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return JSON.parse(stdout);
}
