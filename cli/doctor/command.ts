import type { Command } from 'commander';
import { parseClientId } from '../../registry/rules.ts';
import { clientSecretOption } from '../command/client-secret-option.ts';
import { type CommandLine, printer } from '../command/command-context.ts';
import { type DeploymentChoice, findDeployment } from '../command/deployment.ts';
import { NegativeAnswer } from '../command/negative-answer.ts';
import { CliError } from '../io/cli-error.ts';
import { note } from '../io/terminal.ts';
import { examine } from './checks.ts';
import { type ClientOptions, chooseClient, registeredClients } from './client-choice.ts';
import type { Finding } from './findings/finding.ts';
import { reportText } from './findings/report.ts';
import { interruptible } from './interruptible.ts';
import {
  apiListValue,
  issuerText,
  knownSubject,
  type SubjectOptions,
  stackListValue,
} from './subject-options.ts';

type DoctorOptions = ClientOptions &
  SubjectOptions &
  DeploymentChoice & { readonly json?: boolean };

/** Milliseconds for one request. */
const limit = 10_000;

/** Adds `countersign doctor`. */
export function addDoctorCommand(program: Command, commandLine: CommandLine): void {
  const command = program
    .command('doctor')
    .description('check a deployment from outside, and say what to do about each finding')
    .option('--issuer <url>', 'check this issuer, without a look for a deployment', issuerText)
    .option('--api <url>', 'check this guarded route of an API too; repeatable', apiListValue)
    .option(
      '--api-stack <name>',
      'look at the authorizers of this stack; repeatable',
      stackListValue,
    )
    .option('--client-id <id>', 'get a token with this client', parseClientId)
    .addOption(clientSecretOption())
    .option('--resource <uri>', 'get a token for this resource server')
    .addHelpText('after', doctorExamples)
    .action(() => diagnose(commandLine, command));
}

async function diagnose(commandLine: CommandLine, command: Command): Promise<void> {
  const options = command.optsWithGlobals<DoctorOptions>();
  checkDeploymentChoice(options, command.getOptionValueSourceWithGlobals('stack') !== 'default');
  checkClientChoice(options, command.getOptionValueSource('clientSecret') === 'cli');
  const { issuer, findings } = await examineChosen(commandLine, options);
  const json = { issuer, findings };
  printer(commandLine.terminal, command)({ json, text: reportText(findings) });
  if (findings.some(({ status }) => status === 'problem')) throw new NegativeAnswer();
}

/** @throws CliError */
function checkDeploymentChoice(options: DoctorOptions, isStackNamed: boolean): void {
  const { issuer, local, apiStack } = options;
  if (issuer !== undefined && (local || isStackNamed)) {
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

async function examineChosen(commandLine: CommandLine, options: DoctorOptions): Promise<Diagnosis> {
  const deployment = options.issuer === undefined ? await findDeployment(options) : undefined;
  try {
    const subject = await knownSubject(options, options, deployment);
    const client = await chooseClient(commandLine, options, deployment);
    const { now, terminal } = commandLine;
    const clients = deployment && registeredClients(deployment, now);
    if (!options.json) note(terminal, `Looking at ${subject.issuer} ...`);
    const { credentials, remove } = client;
    const examination = () => examine({ ...subject, client: credentials, clients, now, limit });
    const findings = await interruptible(commandLine, { examination, remove });
    return { issuer: subject.issuer, findings };
  } finally {
    deployment?.dynamodb.destroy();
  }
}

const doctorExamples = `
Without --client-id a client is registered for the examination, at the default resource server or
that of --resource, and deleted again. With --issuer nothing is known but what it answers: name a
client, whose secret is asked for or read from standard input unless COUNTERSIGN_CLIENT_SECRET has it.
Exit codes: 0 no problems, though there may be warnings and what is not checked; 1 problems, among
them a check that fails or does not come to an end; 2 wrong usage; 130 interrupted.

Examples:
  $ countersign doctor --local
  $ countersign doctor --stack Countersign --api https://api.example.com/orders --api-stack Orders
  $ countersign doctor --issuer https://auth.example.com --client-id s6BhdRkqt3 < secret.txt`;
