import { Command, CommanderError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { RegistryError } from '../registry/registry-error.ts';
import { addClientCommands } from './client/commands.ts';
import { addKeypairCommand } from './client/keypair-command.ts';
import { addClientSecretCommands } from './client/secret-commands.ts';
import { addClientTrustCommands } from './client/trust/command.ts';
import { awsTrouble } from './command/aws-trouble.ts';
import type { CommandLine } from './command/command-context.ts';
import { NegativeAnswer } from './command/negative-answer.ts';
import { regionValue, stackValue } from './command/option-values.ts';
import { addCostCommand } from './cost/command.ts';
import { addDoctorCommand } from './doctor/command.ts';
import { Interrupted } from './doctor/interruptible.ts';
import { addInitCommand } from './init/command.ts';
import { CliError } from './io/cli-error.ts';
import { note } from './io/terminal.ts';
import { visibleLines } from './io/visible.ts';
import { addKeyCommands, withKidBehindOptions } from './key/commands.ts';
import { addResourceCommands } from './resource/commands.ts';
import { addTemplateCommand } from './template/command.ts';
import { addTokenCommand } from './token/command.ts';
import { addDpopProofCommand } from './token/dpop-proof-command.ts';

/**
 * Runs `countersign` with the arguments behind its name.
 * @returns the exit code: 0 done, 1 refused, failed or problems found, 2 wrong usage, 130 interrupted
 */
export async function runProgram(
  commandLine: CommandLine,
  parameters: readonly string[],
): Promise<0 | 1 | 2 | 130> {
  try {
    const words = [...withKidBehindOptions(parameters)];
    await createProgram(commandLine).parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof NegativeAnswer) return 1;
    if (error instanceof Interrupted) return 130;
    return tellFailure(commandLine, error);
  }
}

function tellFailure({ terminal }: CommandLine, error: unknown): 1 | 2 {
  const refusal = error instanceof RegistryError ? asCliError(error) : error;
  const isKnown = refusal instanceof CliError;
  note(terminal, `error: ${isKnown ? refusal.message : awsTrouble(refusal)}`);
  return isKnown ? refusal.exitCode : 1;
}

const asCliError = ({ message, about }: RegistryError): CliError =>
  new CliError(message, about === 'input' ? 2 : 1);

/** Builds the whole command line. */
function createProgram(commandLine: CommandLine): Command {
  const { output, notes } = commandLine.terminal;
  const program = new Command('countersign')
    .description(manifest.description)
    .version(manifest.version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => output.write(visibleLines(text)),
      writeErr: (text) => notes.write(visibleLines(text)),
      outputError: (text) => note(commandLine.terminal, withSuggestion(text)),
    })
    .addHelpText('after', examples);
  addGlobalOptions(program);
  const client = addClientCommands(program, commandLine);
  addClientSecretCommands(client, commandLine);
  addClientTrustCommands(client, commandLine);
  addResourceCommands(program, commandLine);
  addKeyCommands(program, commandLine);
  addKeypairCommand(program, commandLine);
  addTokenCommand(program, commandLine);
  addDpopProofCommand(program, commandLine);
  addDoctorCommand(program, commandLine);
  addCostCommand(program, commandLine);
  addInitCommand(program, commandLine);
  addTemplateCommand(program, commandLine);
  return program;
}

/** What commander says of wrong usage, on one line with the option that was probably meant. */
const withSuggestion = (text: string): string =>
  text.replace(/\n\((.*)\)\n$/, ' ($1)').replace(/\n$/, '');

function addGlobalOptions(program: Command): void {
  program
    .addOption(
      new Option('--local', 'the local stack that npm start runs').conflicts([
        'stack',
        'region',
        'profile',
      ]),
    )
    .addOption(
      new Option('--stack <name>', 'the deployed CloudFormation stack')
        .default('Countersign')
        .argParser(stackValue),
    )
    .option('--region <region>', 'its AWS region, if not the configured one', regionValue)
    .option('--profile <profile>', 'the AWS profile whose credentials to use')
    .option('--json', 'print one JSON value and nothing else');
}

const examples = `
All of these options may stand before or behind the command.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage.

Examples:
  $ countersign resource create https://api.example.com --scope "read write"
  $ countersign client create --name "Billing" --scope "read"
  $ countersign client create --name "Release" --github octo-org/app@main
  $ countersign client list --local --json
  $ countersign key rotate
  $ countersign token --client-id s6BhdRkqt3 --scope read
  $ countersign doctor --local`;
