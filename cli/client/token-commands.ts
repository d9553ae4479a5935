import type { Command } from 'commander';
import { findClient } from '../../registry/clients.ts';
import type { Registry } from '../../registry/registry.ts';
import { RegistryError } from '../../registry/registry-error.ts';
import { parseClientId } from '../../registry/rules.ts';
import { revokeTokens } from '../../registry/subject-revocation.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import { effectHelp, noteEffect, revocationRecord } from '../command/revocation-effect.ts';
import { confirm } from '../io/prompt.ts';
import { note } from '../io/terminal.ts';

/** Adds `countersign client revoke-tokens`. */
export function addClientTokenCommands(client: Command, commandLine: CommandLine): void {
  client
    .command('revoke-tokens')
    .description('revoke all tokens that a client has; it may get new ones')
    .argument('<id>', 'client_id, of a client that was deleted, too', parseClientId)
    .option('--yes', 'do not ask')
    .addHelpText('after', effectHelp)
    .addHelpText('after', examples)
    .action(registryAction(commandLine, revoke));
}

async function revoke(
  context: CommandContext,
  options: { readonly yes?: boolean },
  id: string,
): Promise<void> {
  await confirm(context.terminal, await question(context.registry, id), options.yes === true);
  const { revocation, isRegistered } = await revokeTokens(context.registry, { kind: 'client', id });
  context.print({
    json: { client_id: id, registered: isRegistered, ...revocationRecord(revocation) },
    text: `Revoked the tokens of the client ${id}.`,
  });
  if (!isRegistered) {
    note(
      context.terminal,
      `warning: there is no client ${id}: tokens that one of this client_id has left are refused.`,
    );
  }
  noteEffect(context, revocation);
}

/** A record that cannot be read keeps nobody from taking back what it has got. */
async function question(registry: Registry, id: string): Promise<string> {
  try {
    const { client_name } = await findClient(registry, id);
    return `Revoke all tokens of the client ${id} (${client_name})? It has to get new ones.`;
  } catch (error) {
    const isUnknown = error instanceof RegistryError && error.about === 'unknown';
    const beside = isUnknown ? ' There is no such client now; one may have left some.' : '';
    return `Revoke all tokens of the client ${id}?${beside}`;
  }
}

const examples = `
Its tokens of this very second are refused, too: it gets one that counts from the next second on.

Examples:
  $ countersign client revoke-tokens s6BhdRkqt3
  $ countersign client revoke-tokens s6BhdRkqt3 --yes --json`;
