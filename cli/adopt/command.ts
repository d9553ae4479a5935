import type { Command } from 'commander';
import { type CommandLine, printer } from '../command/command-context.ts';
import { CliError } from '../io/cli-error.ts';
import type { AdoptOptions } from './adopt.ts';

/** Defines `countersign adopt`, which is about a table, and no deployment yet. */
export function defineAdopt(command: Command, commandLine: CommandLine): void {
  command
    .argument('<table>', 'the name of a registry table', tableValue)
    .option('--from <file>', 'restore a backup of export --all into it: it is made, or is empty')
    .option('--in-place-of <stack>', 'the stack that gets this table in place of its own')
    .option('--cancel-deletion', 'keep signing keys that KMS is to delete')
    .option('--dry-run', 'show what would be done')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples)
    .action((table: string, _: object, self: Command) => run(commandLine, table, self));
}

async function run(commandLine: CommandLine, table: string, self: Command): Promise<void> {
  const options = self.optsWithGlobals<AdoptOptions & { local?: boolean; stack?: string }>();
  if (options.local || options.stack !== undefined) {
    const sentence =
      'adopt is about a table in AWS, and no deployment yet: leave --local and --stack out';
    throw new CliError(sentence, 2);
  }
  // The SDK of AWS: what needs none of it, such as help, does not wait for it.
  const { adopt } = await import('./adopt.ts');
  const print = printer(commandLine.terminal, self);
  await adopt({ terminal: commandLine.terminal, print }, table, options);
}

/**
 * Reads the name of a table. An ARN could lead to another account.
 * @throws CliError
 */
function tableValue(text: string): string {
  if (/^[\w.-]{3,255}$/.test(text)) return text;
  throw new CliError('the name of a table is 3 to 255 of A-Z a-z 0-9 _ . -', 2);
}

const examples = `
Prepares a registry table that is there already for a deployment: one that a removed deployment left, or one that was
restored from a point in time. It prints the settings to deploy with. See docs/backup.md.

Examples:
  $ countersign adopt Countersign-AuthorizationServerRegistry1A2B3C4D-5E6F --dry-run
  $ countersign adopt registry-restored --in-place-of Countersign
  $ countersign adopt registry-new --from backup.jsonl`;
