import { Command, CommanderError, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import type { CommandLine } from './command/command-context.ts';
import { tellFailure } from './command/failure.ts';
import { Interrupted } from './command/interrupted.ts';
import { NegativeAnswer } from './command/negative-answer.ts';
import { regionValue, stackValue } from './command/place-values.ts';
import { CliError } from './io/cli-error.ts';
import { hasColours, styled } from './io/colour.ts';
import { withKidBehindOptions } from './key/kid.ts';
import { addSubjects } from './subjects.ts';

/**
 * Runs `countersign` with the arguments behind its name.
 * @returns the exit code: 0 done, 1 refused, failed or problems found, 2 wrong usage, 130 interrupted
 */
export async function runProgram(
  commandLine: CommandLine,
  parameters: readonly string[],
): Promise<0 | 1 | 2 | 130> {
  const words = [...withKidBehindOptions(parameters)];
  const json = isForProgram(words);
  const program = createProgram(commandLine, json);
  try {
    await addSubjects(program, commandLine, words);
    await program.parseAsync(words, { from: 'user' });
    return 0;
  } catch (error) {
    const exitCode = exitCodeOfTold(error, json);
    if (exitCode !== undefined) return exitCode;
    const invocation = { program: commandLine.program, parameters, chosen: program.opts() };
    const failed = tellFailure(commandLine.terminal, asWrongUsage(error), { json, invocation });
    return asksForDrift(words) ? 1 : failed;
  }
}

/** Of what ends a command and needs no word more; help for want of a command is told people as it is. */
function exitCodeOfTold(error: unknown, json: boolean): 0 | 1 | 2 | 130 | undefined {
  if (error instanceof NegativeAnswer) return error.exitCode;
  if (error instanceof Interrupted) return 130;
  if (!(error instanceof CommanderError)) return undefined;
  if (error.exitCode === 0) return 0;
  return error.code === 'commander.help' && !json ? 2 : undefined;
}

/** What commander says of wrong usage, on one line with the option that was probably meant. */
function asWrongUsage(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.code === 'commander.help') return new CliError('a command is missing', 2);
  const sentence = error.message.replace(/^error: /, '').replace(/\n\((.*)\)$/, ' ($1)');
  return new CliError(sentence, 2);
}

/** Whether 2 says that something would change, and so nothing else: scripts act on it. */
const asksForDrift = (words: readonly string[]): boolean =>
  words.includes('--dry-run') && ['apply', 'import'].some((command) => words.includes(command));

/** Known before the rest of the command line is, which may be wrong. */
function isForProgram(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).includes('--json');
}

/** Builds the command line but for its subjects. */
function createProgram({ terminal, program: name }: CommandLine, json: boolean): Command {
  const { output, notes } = terminal;
  const shown = (text: string) =>
    text.replaceAll(/^(\s+\$ (?:.*[(| ])?)countersign /gm, `$1${name} `);
  const program = new Command('countersign')
    .description(manifest.description)
    .version(manifest.version)
    .exitOverride()
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => styled(output, 'bold', title),
    })
    .configureOutput({
      writeOut: (text) => output.write(shown(text)),
      writeErr: (text) => json || notes.write(shown(text)),
      getOutHasColors: () => hasColours(output),
      getErrHasColors: () => hasColours(notes),
      outputError: () => {},
    })
    .addHelpText('after', examples);
  return addGlobalOptions(program);
}

function addGlobalOptions(program: Command): Command {
  return program
    .addOption(
      new Option(
        '--local',
        'the local stack, which npm start runs in a checkout of Countersign',
      ).conflicts(['stack', 'region', 'profile']),
    )
    .option(
      '--stack <name>',
      'the CloudFormation stack, or STACK/PATH (default: where there is one server alone)',
      stackValue,
    )
    .option('--region <region>', 'its AWS region, if not the configured one', regionValue)
    .option('--profile <profile>', 'the AWS profile whose credentials to use')
    .option('--json', 'print one JSON value and nothing else; an error, too, is JSON');
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
