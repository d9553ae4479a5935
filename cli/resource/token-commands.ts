import type { Command } from 'commander';
import { registeredResource } from '../../registry/resource-servers.ts';
import { parseResource } from '../../registry/rules.ts';
import { revokeTokens } from '../../registry/subject-revocation.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import { effectHelp, noteEffect, revocationRecord } from '../command/revocation-effect.ts';
import { confirm } from '../io/prompt.ts';
import { note } from '../io/terminal.ts';

/** Adds `countersign resource revoke-tokens`. */
export function addResourceTokenCommands(resource: Command, commandLine: CommandLine): void {
  resource
    .command('revoke-tokens')
    .description('revoke all tokens for a resource server; clients may get new ones')
    .argument('<uri>', 'its identifier, of one that was deleted, too', parseResource)
    .option('--yes', 'do not ask')
    .addHelpText('after', effectHelp)
    .addHelpText('after', examples)
    .action(registryAction(commandLine, revoke));
}

async function revoke(
  context: CommandContext,
  options: { readonly yes?: boolean },
  named: string,
): Promise<void> {
  const id = await registeredResource(context.registry, named);
  const question = `Revoke all tokens for ${id}? All of its clients have to get new ones.`;
  await confirm(context.terminal, question, options.yes === true);
  const taken = await revokeTokens(context.registry, { kind: 'resource', id });
  const { revocation, isRegistered } = taken;
  context.print({
    json: { resource: id, registered: isRegistered, ...revocationRecord(revocation) },
    text: `Revoked the tokens for ${id}.`,
  });
  if (!isRegistered) {
    note(
      context.terminal,
      `warning: there is no resource server ${id}: tokens that are left for it are refused.`,
    );
  }
  noteEffect(context, revocation);
}

const examples = `
Its tokens of this very second are refused, too: clients get some that count from the next second on.

Example:
  $ countersign resource revoke-tokens https://api.example.com`;
