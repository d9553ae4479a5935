import { type Command, Option } from 'commander';
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

/** The CDK is the owner's: only this command needs it. */
async function withCdk() {
  try {
    return await import('./write-folder.ts');
  } catch (error) {
    if (!isMissingCdk(error)) throw error;
    throw new CliError(
      'aws-cdk-lib and constructs, which countersign template needs, are not installed: npm install aws-cdk-lib constructs',
    );
  }
}

const isMissingCdk = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'ERR_MODULE_NOT_FOUND' &&
  /'(aws-cdk-lib|constructs)'/.test(error.message);

const examples = `
A template has settings as parameters, whose defaults are those of --settings. Those on which
resources or permissions depend are fixed: see docs/template.md.

Examples:
  $ countersign template --out templates
  $ countersign template --out templates --settings countersign.json`;
