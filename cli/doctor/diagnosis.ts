import type { Command } from 'commander';
import { type CommandLine, invocationOf, printer } from '../command/command-context.ts';
import { type DeploymentChoice, findDeployment } from '../command/deployment.ts';
import { type Invocation, pastable } from '../command/invocation.ts';
import { NegativeAnswer } from '../command/negative-answer.ts';
import { CliError } from '../io/cli-error.ts';
import { note } from '../io/terminal.ts';
import { examine } from './checks.ts';
import { type ClientOptions, chooseClient, registeredClients } from './client-choice.ts';
import type { Subject } from './examination/subject.ts';
import type { Finding } from './findings/finding.ts';
import { findingRecord, reportMarks, reportText } from './findings/report.ts';
import { interruptible } from './interruptible.ts';
import { knownSubject, type SubjectOptions } from './subject.ts';

type DoctorOptions = ClientOptions &
  SubjectOptions &
  Pick<Subject, 'refuseRevokedWithin'> &
  DeploymentChoice & { readonly json?: boolean };

/** Milliseconds for one request. */
const limit = 10_000;

/**
 * `doctor`: examines what the command line chooses, and prints the findings.
 * @throws NegativeAnswer when there are problems
 */
export async function diagnose(commandLine: CommandLine, command: Command): Promise<void> {
  const options = command.optsWithGlobals<DoctorOptions>();
  checkDeploymentChoice(options);
  checkClientChoice(options, command.getOptionValueSource('clientSecret') === 'cli');
  const toPaste = pastableFindings(invocationOf(commandLine, command));
  const { issuer, findings } = await examineChosen(commandLine, options, toPaste);
  const json = { issuer, findings: findings.map(findingRecord) };
  const print = printer(commandLine.terminal, command);
  print({ json, text: reportText(findings), marks: reportMarks });
  if (findings.some(({ status }) => status === 'problem')) throw new NegativeAnswer();
}

const pastableFindings =
  (invocation: Invocation) =>
  (findings: readonly Finding[]): readonly Finding[] =>
    findings.map(({ remedy, ...finding }) => ({
      ...finding,
      ...(remedy !== undefined && { remedy: pastable(remedy, invocation) }),
    }));

/** @throws CliError */
function checkDeploymentChoice({ issuer, local, stack, apiStack }: DoctorOptions): void {
  if (issuer !== undefined && (local || stack !== undefined)) {
    throw new CliError('--issuer cannot be used with --local or --stack', 2);
  }
  if (local && apiStack) {
    throw new CliError('--api-stack is for stacks in AWS and cannot be used with --local', 2);
  }
}

/** @throws CliError */
function checkClientChoice(options: DoctorOptions, isSecretNamed: boolean): void {
  const { issuer, clientId, resource } = options;
  if (clientId !== undefined) return;
  if (isSecretNamed) throw new CliError('--client-secret needs --client-id', 2);
  if (issuer !== undefined && resource !== undefined) {
    throw new CliError('--resource needs --client-id where --issuer says what to check', 2);
  }
}

interface Diagnosis {
  readonly issuer: string;
  readonly findings: readonly Finding[];
}

async function examineChosen(
  commandLine: CommandLine,
  options: DoctorOptions,
  toPaste: ReturnType<typeof pastableFindings>,
): Promise<Diagnosis> {
  const deployment = options.issuer === undefined ? await findDeployment(options) : undefined;
  try {
    const subject = await knownSubject(options, options, deployment);
    const client = await chooseClient(commandLine, { ...options, ...subject }, deployment);
    const { now, terminal } = commandLine;
    const clients = deployment && registeredClients(deployment, now);
    const progress = (sentence: string) => options.json || note(terminal, sentence);
    progress(`Looking at ${subject.issuer} ...`);
    const { credentials, remove } = client;
    const { refuseRevokedWithin } = options;
    const known = { ...subject, refuseRevokedWithin, client: credentials, clients };
    const examination = () => examine({ ...known, progress, now, limit });
    const findings = await interruptible(commandLine, {
      examination: async () => toPaste(await examination()),
      remove: async () => toPaste(await remove()),
    });
    return { issuer: subject.issuer, findings };
  } finally {
    deployment?.dynamodb.destroy();
  }
}
