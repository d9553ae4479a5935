import type { Client } from '../../functions/oauth/client.ts';
import type { LastUse } from '../../functions/oauth/last-use.ts';
import { isUnusedSince } from '../../registry/unused-clients.ts';
import type { CommandContext } from '../command/command-context.ts';
import { CliError } from '../io/cli-error.ts';
import { note } from '../io/terminal.ts';

/** When clients were used last, by client_id. */
export type Uses = ReadonlyMap<string, LastUse>;

/**
 * When a client was used last; undefined: nothing is known of that. Who may see clients need not be allowed to see this.
 */
export async function useOf(context: CommandContext, id: string): Promise<LastUse | undefined> {
  try {
    return (await context.registry.uses?.([id]))?.get(id);
  } catch (error) {
    if (!(error instanceof Error && refusals.has(error.name))) throw error;
    note(context.terminal, `When it was used last cannot be read: ${error.name}.`);
    return undefined;
  }
}

const refusals: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
]);

/**
 * Those clients that nobody has used since a moment (NumericDate), and when they were used last.
 * @throws CliError where the deployment does not tell
 */
export async function unusedOf(
  { registry }: CommandContext,
  clients: readonly Client[],
  moment: number,
): Promise<{ readonly clients: readonly Client[]; readonly uses: Uses }> {
  if (!registry.uses) {
    throw new CliError('the deployment does not say when clients are used: update it', 1);
  }
  const uses = await registry.uses(clients.map(({ client_id }) => client_id));
  const isUnused = (client: Client) => isUnusedSince(client, uses.get(client.client_id), moment);
  return { clients: clients.filter(isUnused), uses };
}
