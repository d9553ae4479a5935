import { type Command, Option } from 'commander';
import { declaredRegistry } from '../../registry/declared/declared-registry.ts';
import type { Registry } from '../../registry/registry.ts';
import {
  type CommandLine,
  type DeploymentContext,
  deploymentAction,
} from '../command/command-context.ts';
import { CliError } from '../io/cli-error.ts';

type Format = 'yaml' | 'json';

interface ExportOptions {
  readonly format?: Format;
  readonly all?: true;
  readonly out?: string;
  readonly force?: boolean;
}

/** Defines `countersign export`. */
export function defineExport(command: Command, commandLine: CommandLine): void {
  command
    .addOption(
      new Option('--format <format>', 'of the file (default: yaml)').choices(['yaml', 'json']),
    )
    .addOption(new Option('--all', 'all of the registry, as a backup of it').conflicts('format'))
    .option('--out <file>', 'with --all: a file, which you alone may read')
    .option('--force', 'with --all: replace the file')
    .addHelpText('after', help)
    .action(
      deploymentAction<ExportOptions, []>(commandLine, async (deployment, context, options) => {
        const { all, out, force = false, format = 'yaml' } = options;
        checkTogether(options);
        if (all && out !== undefined) {
          const { exportWhole } = await import('./whole-registry.ts');
          return await exportWhole(deployment, context, { file: out, replace: force });
        }
        const { registryOf } = await import('../command/deployment.ts');
        const registry = registryOf(deployment, context.now, context.tool);
        await exportDeclared(registry, context, format);
      }),
    );
}

/** @throws CliError */
function checkTogether({ all, out, force }: ExportOptions): void {
  if (all && out === undefined) throw new CliError('--all needs --out FILE', 2);
  if (!all && (out !== undefined || force)) {
    throw new CliError('--out and --force go with --all', 2);
  }
}

/** Where the package has the schema of the file. */
const schema = './node_modules/countersign/dist/clients.schema.json';

async function exportDeclared(
  registry: Registry,
  { print }: DeploymentContext,
  format: Format,
): Promise<void> {
  const declared = await declaredRegistry(registry);
  const json = { $schema: schema, ...declared };
  const text = format === 'json' ? JSON.stringify(json, undefined, 2) : await yaml(declared);
  print({ json, text });
}

async function yaml(declared: object): Promise<string> {
  const { stringify } = await import('yaml');
  // An alias in place of what is twice would have people look for it.
  const text = stringify(declared, { aliasDuplicateObjects: false, lineWidth: 0 });
  return `# yaml-language-server: $schema=${schema}\n${text.trimEnd()}`;
}

const help = `
Writes all clients and resource servers as a file for \`countersign apply\`, in an order that is always the same. There
is no secret in it, and no hash of one.

With --all it writes a backup of all that is there, with hashes: \`countersign adopt TABLE --from FILE\` restores it. See
docs/backup.md.

Examples:
  $ countersign export > clients.yaml
  $ countersign export --format json > clients.json
  $ countersign export | countersign apply - --dry-run
  $ countersign export --all --out backup.jsonl`;
