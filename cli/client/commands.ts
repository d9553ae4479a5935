import { type Command, Option } from 'commander';
import { parseClientId, parseClientName, parseLifetime } from '../../registry/rules.ts';
import { addClaimOption, addClaimUpdateOptions } from '../command/claim-options.ts';
import { type CommandLine, registryAction } from '../command/command-context.ts';
import {
  grantValue,
  lifetimeOrDefault,
  resourceListValue,
  resourcesValue,
  scopeValue,
} from '../command/option-values.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { effectHelp } from '../command/revocation-effect.ts';
import { disable, enable, remove, show } from './actions.ts';
import { addAuthenticationOptions } from './authentication-options.ts';
import { addBindingOptions, addUnbindingOptions } from './binding-options.ts';
import { clientCacheNote } from './cache-note.ts';
import { create } from './create.ts';
import { createExamples, updateExamples } from './examples.ts';
import { addListOptions, list } from './list.ts';
import { addClientSecretCommands } from './secret-commands.ts';
import { addClientTokenCommands } from './token-commands.ts';
import { addClientTrustCommands } from './trust/command.ts';
import { update } from './update.ts';

/** Defines `countersign client`. */
export function addClientCommands(client: Command, commandLine: CommandLine): void {
  addCreate(client, commandLine);
  addReadings(client, commandLine);
  addUpdate(client, commandLine);
  addSwitches(client, commandLine);
  addDelete(client, commandLine);
  addClientTokenCommands(client, commandLine);
  addClientSecretCommands(client, commandLine);
  addClientTrustCommands(client, commandLine);
}

function addCreate(client: Command, commandLine: CommandLine): void {
  const command = client
    .command('create')
    .description('register a client; prints the secret that it may have, this once');
  addRequiredOption(
    command,
    new Option('--name <name>', 'client_name, for people').argParser(parseClientName),
  )
    .option('--client-id <id>', 'client_id (default: a random UUID)', parseClientId)
    .option('--scope <scope>', 'what it may do at the default resource server', scopeValue)
    .option('--grant <resource=scope>', 'what it may do at this one; repeatable', grantValue)
    .option('--token-lifetime <seconds>', 'of its access tokens, 60 to 86400', parseLifetime)
    .option('--introspection <uri>', 'let it introspect tokens for it; repeatable', resourcesValue);
  addClaimOption(addBindingOptions(addAuthenticationOptions(command)), 'its tokens')
    .option('--yes', 'take the risk of its trust rules without being asked')
    .addHelpText('after', createExamples)
    .action(registryAction(commandLine, create));
}

function addReadings(client: Command, commandLine: CommandLine): void {
  addListOptions(client.command('list').description('list the clients, all or some')).action(
    registryAction(commandLine, list),
  );
  client
    .command('show')
    .description('show a client')
    .argument('<id>', 'client_id', parseClientId)
    .addHelpText('after', '\nExample:\n  $ countersign client show s6BhdRkqt3')
    .action(registryAction(commandLine, show));
}

function addUpdate(client: Command, commandLine: CommandLine): void {
  const command = client
    .command('update')
    .description('change a client')
    .argument('<id>', 'client_id', parseClientId)
    .option('--name <name>', 'client_name, for people', parseClientName)
    .option('--scope <scope>', 'all that it may do at the default resource server', scopeValue)
    .option('--grant <resource=scope>', 'all that it may do at this one; repeatable', grantValue)
    .option('--remove-grant <resource>', 'take its grant away; repeatable', resourceListValue)
    .option('--token-lifetime <seconds>', 'or "default" for none of its own', lifetimeOrDefault)
    .option(
      '--introspection <uri>',
      'all whose tokens it may introspect; repeatable',
      resourcesValue,
    )
    .option('--no-introspection', 'it may introspect none');
  addClaimUpdateOptions(addUnbindingOptions(addAuthenticationOptions(command)), 'its tokens')
    .option('--no-strict-audience', 'they may be made out to the token endpoint too')
    .option(
      '--yes',
      'do not ask: it loses what its new method does not use, or its rules are a risk',
    )
    .addHelpText('after', updateExamples)
    .action(registryAction(commandLine, update));
}

function addSwitches(client: Command, commandLine: CommandLine): void {
  client
    .command('disable')
    .description(
      'let a client get no tokens until it is enabled again, and revoke those that it has',
    )
    .argument('<id>', 'client_id', parseClientId)
    .addHelpText('after', clientCacheNote)
    .addHelpText('after', effectHelp)
    .addHelpText('after', '\nExample:\n  $ countersign client disable s6BhdRkqt3')
    .action(registryAction(commandLine, disable));
  client
    .command('enable')
    .description('let a disabled client get tokens again; those of before stay revoked')
    .argument('<id>', 'client_id', parseClientId)
    .addHelpText('after', '\nExample:\n  $ countersign client enable s6BhdRkqt3')
    .action(registryAction(commandLine, enable));
}

function addDelete(client: Command, commandLine: CommandLine): void {
  client
    .command('delete')
    .description('delete a client and its secrets, and revoke its tokens')
    .argument('<id>', 'client_id', parseClientId)
    .option('--yes', 'do not ask')
    .addHelpText('after', clientCacheNote)
    .addHelpText('after', effectHelp)
    .addHelpText('after', '\nExample:\n  $ countersign client delete s6BhdRkqt3 --yes')
    .action(registryAction(commandLine, remove));
}
