import { type Command, Option } from 'commander';
import { carryOutAll } from '../../registry/declared/carry-out-all.ts';
import { type ImportPlan, planImport } from '../../registry/import/import-plan.ts';
import { type SourceName, sources } from '../../registry/import/sources.ts';
import { parseResource } from '../../registry/rules.ts';
import { newRisks } from '../apply/risks.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import { mutualTlsProblems } from '../command/mutual-tls.ts';
import { NegativeAnswer } from '../command/negative-answer.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { CliError } from '../io/cli-error.ts';
import { confirmRisks } from '../io/prompt.ts';
import { note } from '../io/terminal.ts';
import { readDocuments } from './documents.ts';
import { reportOf } from './report.ts';

/** Defines `countersign import`. */
export function defineImport(command: Command, commandLine: CommandLine): void {
  command.argument('<file...>', 'what the other system gives; - is standard input');
  addRequiredOption(
    command,
    new Option('--from <system>', 'where the clients are from').choices(Object.keys(sources)),
  )
    .option(
      '--resource <audience=uri>',
      'what an audience is called here; again for another',
      audienceValue,
    )
    .option('--default-resource <uri>', 'the API of clients that name none', parseResource)
    .option('--update', 'change clients that are registered in another way, too')
    .option('--weak-secrets', 'take secrets of less than 128 bits')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--yes', 'do not ask, whatever trust rules may let in')
    .addHelpText('after', help)
    .action(registryAction(commandLine, importClients));
}

interface ImportOptions {
  readonly from: SourceName;
  readonly resource?: ReadonlyMap<string, string>;
  readonly defaultResource?: string;
  readonly update?: boolean;
  readonly weakSecrets?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Identifiers of other systems may have an equals sign, ours have none: the last one parts them. */
function audienceValue(
  text: string,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const [, audience, uri] = /^(.+)=([^=]+)$/.exec(text) ?? [];
  if (audience === undefined || uri === undefined) {
    throw new CliError('an audience is named as in orders=https://orders.example.com', 2);
  }
  return new Map([...before, [audience, parseResource(uri)]]);
}

async function importClients(
  context: CommandContext,
  options: ImportOptions,
  files: readonly string[],
): Promise<void> {
  const documents = await readDocuments(context.terminal, files);
  const plan = await planImport(context.registry, sources[options.from](documents), {
    issuer: context.deployment.issuer,
    resources: options.resource ?? new Map(),
    defaultResource: options.defaultResource,
    takesWeak: options.weakSecrets === true,
    updates: options.update === true,
    refusals: (declaration) => mutualTlsProblems(declaration, context.deployment),
  });
  if (options.dryRun) return answerDry(context, plan);
  await confirmRisks(context, newRisks(plan.changes), options.yes === true);
  const carried = await carryOutAll(context.registry, plan.changes, {
    prepare: async (change) => change,
    told: progress(context, plan),
  });
  context.print(reportOf(plan, carried));
  const undone = plan.problems.length + carried.failed.length + carried.left.length;
  if (undone > 0) throw new NegativeAnswer();
}

function answerDry(context: CommandContext, plan: ImportPlan): void {
  context.print(reportOf(plan));
  if (plan.problems.length > 0) throw new NegativeAnswer();
  if (plan.changes.length > 0) throw new NegativeAnswer(2);
}

/** Changes after which there is a note of progress. */
const step = 500;

const progress =
  ({ terminal, json }: CommandContext, { changes }: ImportPlan) =>
  (behind: number): void => {
    if (json || behind % step !== 0 || behind === changes.length) return;
    note(terminal, `${behind} of ${changes.length} are done.`);
  };

const help = `
Client ids and secrets stay as they are: plain secrets are hashed at once, hashes are kept
until the secret is used. A record that cannot come is named, and the others are imported
all the same. What is registered already stays as it is, but with --update.
Exit codes: 0 all is imported, 1 some records are not, 2 wrong usage.
With --dry-run: 0 all is as in the files, 2 something would change, 1 anything else.

Examples:
  $ countersign import --from keycloak realm.json --dry-run
  $ countersign import --from hydra clients.json secrets.json
  $ countersign import --from cognito *.json --resource orders=https://orders.example.com
  $ countersign import --from auth0 clients.json client-grants.json resource-servers.json
  $ countersign import --from json clients.json --default-resource https://api.example.com`;
