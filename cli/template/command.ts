import { type Command, Option } from 'commander';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import { type CommandLine, printer } from '../command/command-context.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { CliError } from '../io/cli-error.ts';
import { reportOf } from './report.ts';

interface TemplateOptions {
  readonly out: string;
  readonly settings?: string;
}

/** Defines `countersign template`, which needs no deployment. */
export function defineTemplate(command: Command, commandLine: CommandLine): void {
  addRequiredOption(
    command,
    new Option('--out <folder>', 'a new folder, or an earlier one of these'),
  )
    .option('--settings <file>', 'your settings, such as countersign.json')
    .addHelpText('after', examples)
    .action(async (options: TemplateOptions, self: Command) => {
      const { writeFolder } = await withCdk();
      const files = writeFolder(options.out, options.settings);
      printer(commandLine.terminal, self)(reportOf(options.out, files));
    });
}

/**
 * The CDK is the owner's, and only this command needs it: what of it is missing or too old is said before it is loaded.
 * @throws CliError
 */
async function withCdk() {
  try {
    await import('../../infra/requirements.ts');
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new CliError(error.message.replace(/\.$/, ''));
  }
  return import('./write-folder.ts');
}

const examples = `
A template has settings as parameters, whose defaults are those of --settings. Those on which
resources or permissions depend are fixed: see docs/template.md.

Examples:
  $ countersign template --out templates
  $ countersign template --out templates --settings countersign.json`;
