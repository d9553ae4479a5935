import { type Command, Option } from 'commander';
import { parseLifetime, parseResource } from '../../registry/rules.ts';
import { addClaimOption, addClaimUpdateOptions } from '../command/claim-options.ts';
import { type CommandLine, registryAction } from '../command/command-context.ts';
import { addPartOptions, momentValue, partHelp } from '../command/list-options.ts';
import { lifetimeOrDefault, newResourceValue, scopeValue } from '../command/option-values.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { effectHelp } from '../command/revocation-effect.ts';
import { create, list, remove, show, update } from './actions.ts';
import { addResourceTokenCommands } from './token-commands.ts';

/** Defines `countersign resource`. */
export function addResourceCommands(resource: Command, commandLine: CommandLine): void {
  addCreate(resource, commandLine);
  addReadings(resource, commandLine);
  addUpdate(resource, commandLine);
  addDelete(resource, commandLine);
  addResourceTokenCommands(resource, commandLine);
}

function addCreate(resource: Command, commandLine: CommandLine): void {
  const command = resource
    .command('create')
    .description('register a resource server; the first one becomes the default')
    .argument('<uri>', 'its identifier, the aud of its tokens', newResourceValue);
  addRequiredOption(
    command,
    new Option('--scope <scope>', 'all that clients can be allowed there').argParser(scopeValue),
  )
    .option('--token-lifetime <seconds>', 'of tokens for it, 60 to 86400', parseLifetime)
    .option('--default', 'make it the one that client create --scope refers to')
    .option('--no-default', 'do not, even if there is none yet')
    .option('--introspection', 'and a client that may introspect its tokens; prints its secret');
  addClaimOption(command, 'tokens for it')
    .addHelpText('after', createExamples)
    .action(registryAction(commandLine, create));
}

function addReadings(resource: Command, commandLine: CommandLine): void {
  const command = resource
    .command('list')
    .description('list the resource servers, all or some')
    .option('--scope <scope>', 'those that have all of this', scopeValue)
    .option('--created-since <when>', 'such as 2026-01-31, or 30d for so long ago', momentValue);
  addPartOptions(command)
    .addHelpText('after', `${partHelp}\n\nExample:\n  $ countersign resource list --scope read`)
    .action(registryAction(commandLine, list));
  resource
    .command('show')
    .description('show a resource server')
    .argument('<uri>', 'its identifier', parseResource)
    .addHelpText('after', '\nExample:\n  $ countersign resource show https://api.example.com')
    .action(registryAction(commandLine, show));
}

function addUpdate(resource: Command, commandLine: CommandLine): void {
  const command = resource
    .command('update')
    .description('change a resource server; clients lose what it no longer has')
    .argument('<uri>', 'its identifier', parseResource)
    .option('--scope <scope>', 'all that clients can be allowed there', scopeValue)
    .option('--token-lifetime <seconds>', 'or "default" for none of its own', lifetimeOrDefault)
    .option('--default', 'make it the one that client create --scope refers to');
  addClaimUpdateOptions(command, 'tokens for it')
    .addHelpText('after', updateExamples)
    .action(registryAction(commandLine, update));
}

function addDelete(resource: Command, commandLine: CommandLine): void {
  resource
    .command('delete')
    .description('delete a resource server, and revoke the tokens for it')
    .argument('<uri>', 'its identifier', parseResource)
    .option('--force', 'though clients have grants for it (they lose them) or it is the default')
    .option('--yes', 'do not ask')
    .addHelpText('after', effectHelp)
    .addHelpText('after', '\nExample:\n  $ countersign resource delete https://api.example.com')
    .action(registryAction(commandLine, remove));
}

const createExamples = `
Identifiers that are the same by RFC 3986 name one resource server: https://a.example and
https://A.example:443/, but not https://a.example/mcp and https://a.example/mcp/.

Examples:
  $ countersign resource create https://api.example.com --scope "read write"
  $ countersign resource create urn:example:orders --scope "orders" --token-lifetime 600
  $ countersign resource create https://api.example.com --scope "read write" --introspection
  $ countersign resource create https://api.example.com --scope read --claim region=eu`;

const updateExamples = `
Examples:
  $ countersign resource update https://api.example.com --scope "read write delete"
  $ countersign resource update https://api.example.com --default`;
