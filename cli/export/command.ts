import { type Command, Option } from 'commander';
import { type CommandLine, deploymentAction } from '../command/command-context.ts';
import { addRequiredOption } from '../command/required-option.ts';

interface ExportOptions {
  readonly all: true;
  readonly out: string;
  readonly force?: boolean;
}

/** Defines `countersign export`. */
export function defineExport(command: Command, commandLine: CommandLine): void {
  addRequiredOption(command, new Option('--all', 'all of the registry, as a backup of it'));
  addRequiredOption(command, new Option('--out <file>', 'a file, which you alone may read'))
    .option('--force', 'replace the file')
    .addHelpText('after', examples)
    .action(
      deploymentAction<ExportOptions, []>(
        commandLine,
        async (deployment, context, { out, force = false }) => {
          const { exportWhole } = await import('./whole-registry.ts');
          await exportWhole(deployment, context, { file: out, replace: force });
        },
      ),
    );
}

const examples = `
\`countersign adopt TABLE --from FILE\` restores it. See docs/backup.md.

Examples:
  $ countersign export --all --out backup.jsonl`;
