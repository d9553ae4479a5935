import { type Carried, carryOutAll } from '../../registry/declared/carry-out-all.ts';
import { planChanges } from '../../registry/declared/plan.ts';
import { readDeclaration } from '../../registry/declared/read-declaration.ts';
import type { CommandContext } from '../command/command-context.ts';
import { mutualTlsProblems } from '../command/mutual-tls.ts';
import { NegativeAnswer } from '../command/negative-answer.ts';
import { CliError } from '../io/cli-error.ts';
import { readInput } from '../io/input-file.ts';
import { confirm, confirmRisks } from '../io/prompt.ts';
import { note } from '../io/terminal.ts';
import { type DeclaredFile, placed, readDeclaredFile } from './declared-file.ts';
import { secretMaker } from './making-secrets.ts';
import {
  type Application,
  applicationReport,
  noteDemo,
  noteOutcome,
  noteWithoutSecret,
} from './report.ts';
import { newRisks } from './risks.ts';

interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly keepGoing?: boolean;
  readonly yes?: boolean;
}

/** `apply` */
export async function apply(
  context: CommandContext,
  options: ApplyOptions,
  path: string,
): Promise<void> {
  if (options.prune && options.keepGoing) {
    throw new CliError('--prune does not go with --keep-going: what is wrong would be deleted', 2);
  }
  const file = await readDeclaredFile(await readInput(context.terminal, path));
  const application = await planApplication(context, options, file);
  const { plan, problems } = application;
  const isRefused = problems.length > 0 && !options.keepGoing;
  if (options.dryRun || isRefused || plan.changes.length === 0) {
    return answerUnchanged(context, application);
  }
  if (!context.json) context.print(applicationReport(application));
  noteDemo(context, application);
  await agree(context, options, application);
  const carried = await carry(context, application);
  if (context.json) context.print(applicationReport(application, carried));
  else noteOutcome(context, carried);
  noteWithoutSecret(context, application);
  if (problems.length + carried.failed.length + carried.left.length > 0) throw new NegativeAnswer();
}

async function planApplication(
  { registry, deployment }: CommandContext,
  { prune = false }: ApplyOptions,
  file: DeclaredFile,
): Promise<Application> {
  const read = await readDeclaration(file.value, deployment.issuer);
  const found = [...read.problems, ...mutualTlsProblems(read.declaration, deployment)];
  const isPruned = prune && found.length === 0;
  const plan = await planChanges(registry, read.declaration, { prune: isPruned });
  const problems = [...found, ...plan.problems].map((problem) => placed(problem, file));
  return { plan, problems: problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

function answerUnchanged(context: CommandContext, application: Application): void {
  context.print(applicationReport(application));
  noteDemo(context, application);
  noteWithoutSecret(context, application);
  const { plan, problems } = application;
  if (problems.length > 0) throw new NegativeAnswer();
  if (plan.changes.length > 0) throw new NegativeAnswer(2);
}

/** @throws CliError unless somebody says yes */
async function agree(
  context: CommandContext,
  { yes = false }: ApplyOptions,
  { plan }: Application,
): Promise<void> {
  await confirmRisks(context, newRisks(plan.changes), yes);
  if (context.json && !yes) {
    throw new CliError('with --json nobody is asked: confirm with --yes', 2, {
      code: 'confirmation_needed',
    });
  }
  const deleted = plan.changes.filter(({ action }) => action === 'delete').length;
  const too = deleted === 0 ? '' : `, and delete ${deleted} of what is registered`;
  await confirm(context.terminal, `Apply this to ${context.deployment.issuer}${too}?`, yes);
}

/** Changes after which there is a note of progress. */
const step = 500;

async function carry(context: CommandContext, { plan }: Application): Promise<Carried> {
  const { changes } = plan;
  const prepare = await secretMaker(context, changes);
  return carryOutAll(context.registry, changes, {
    prepare,
    told: (behind) => {
      const isWorthNote = behind % step === 0 && behind < changes.length && !context.json;
      if (isWorthNote) note(context.terminal, `${behind} of ${changes.length} are done.`);
    },
  });
}
