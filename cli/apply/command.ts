import type { Command } from 'commander';
import { type CommandLine, registryAction } from '../command/command-context.ts';
import { effectHelp } from '../command/revocation-effect.ts';
import { apply } from './apply.ts';

/** Defines `countersign apply`. */
export function defineApply(command: Command, commandLine: CommandLine): void {
  command
    .argument('<file>', 'clients and resource servers in YAML or JSON; - is standard input')
    .option('--dry-run', 'show the diff, and change nothing; exit code 2: something would change')
    .option('--prune', 'delete what is not in the file, and revoke its tokens')
    .option('--keep-going', 'leave out the records that are wrong; the others are applied')
    .option('--yes', 'do not ask')
    .addHelpText('after', effectHelp)
    .addHelpText('after', help)
    .action(registryAction(commandLine, apply));
}

const help = `
The file says all of what it names: a member that is not there has its default. Secrets are never in it. What a stack
of AWS CDK manages is left to that stack. While something in the file is wrong, nothing is changed.
Exit codes: 0 all is as the file says, 1 refused, failed or problems found, 2 wrong usage.
With --dry-run: 0 all is as the file says, 2 something would change, 1 anything else.

Examples:
  $ countersign apply clients.yaml
  $ countersign apply clients.yaml --dry-run
  $ countersign apply clients.yaml --prune --yes --json
  $ countersign export | countersign apply - --dry-run`;
