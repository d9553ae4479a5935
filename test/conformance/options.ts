import { Command, CommanderError, Option } from 'commander';
import { issuerValue } from '../../cli/command/option-values.ts';
import { regionValue, stackValue } from '../../cli/command/place-values.ts';
import { CliError } from '../../cli/io/cli-error.ts';
import { isSecureUrl } from '../../functions/oauth/secure-url.ts';

/** What the suite is asked to do. */
export interface ConformanceOptions {
  readonly issuer: URL;
  readonly api?: URL;
  readonly apiResource?: string;
  readonly local?: true;
  readonly stack?: string;
  readonly region?: string;
  readonly profile?: string;
  /** Letters and rules. */
  readonly only?: readonly string[];
  readonly report?: string;
  readonly knownFailures?: string;
  readonly wait?: true;
  /** Seconds. */
  readonly limit: number;
}

/**
 * Reads the arguments of `npm run conformance`.
 * @throws CliError with exit code 2 when they are wrong; CommanderError with 0 after --help
 */
export function readOptions(
  parameters: readonly string[],
  write: (text: string) => void,
): ConformanceOptions {
  const program = createProgram(write);
  try {
    program.parse([...parameters], { from: 'user' });
    return program.opts<ConformanceOptions>();
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error;
    throw new CliError(error.message.replace(/^error: /, ''), 2);
  }
}

function createProgram(write: (text: string) => void): Command {
  const registry = ['stack', 'region', 'profile'];
  return new Command('npm run conformance --')
    .description('shows from outside how far a deployment keeps to the standards')
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => undefined })
    .addOption(
      new Option('--issuer <url>', 'the issuer to look at')
        .argParser(issuerValue)
        .makeOptionMandatory(),
    )
    .option('--api <url>', 'an API behind its authorizer that answers GET', urlValue)
    .option('--api-resource <uri>', "the API's identifier, if it is not its URL")
    .addOption(
      new Option('--local', 'register throw-away clients at the running npm start').conflicts(
        registry,
      ),
    )
    .option('--stack <name>', 'register throw-away clients at this deployed stack', stackValue)
    .option('--region <region>', 'its AWS region, if not the configured one', regionValue)
    .option('--profile <profile>', 'the AWS profile whose credentials to use')
    .option('--only <rules>', 'these alone, such as A,D or A12,E', rulesValue)
    .option('--report <file>', 'write FILE.md and FILE.json')
    .option('--known-failures <file>', 'JSON: "RULE: title" -> why it is known to fail there')
    .option('--limit <seconds>', 'for each case', limitValue, 20)
    .option('--wait', 'run the cases too that wait for a token to expire, for three minutes')
    .addHelpText('after', notes);
}

/**
 * Reads the URL of an API, to which tokens are sent.
 * @throws CliError
 */
function urlValue(text: string): URL {
  const url = URL.parse(text);
  if (url && isSecureUrl(url) && url.username === '' && url.hash === '') return url;
  throw new CliError(
    'an API is an https URL without user name and fragment (http only for this computer)',
    2,
  );
}

function rulesValue(text: string): readonly string[] {
  const rules = text.split(',');
  if (rules.every((rule) => /^[A-Z](\d\d)?$/.test(rule))) return rules;
  throw new CliError('rules are letters and numbers parted by commas, such as A,D or A12,E', 2);
}

function limitValue(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new CliError('a limit is 1 to 999 seconds', 2);
}

const notes = `
Without --stack and --local the cases that need clients are not run, nor without --api those of
the authorizer. What is registered is named conformance-..., and taken away at the end, also after
Ctrl-C. Wrong secrets and assertions are sent on purpose, about 150: somebody who fails too from the same
address may have to wait for a minute.
Exit codes: 0 done, 1 a case failed or something could not be taken away, 2 wrong usage, 130 stopped.

Examples:
  $ npm run conformance -- --issuer http://127.0.0.1:3000 --api http://127.0.0.1:3001 --local
  $ npm run conformance -- --issuer http://127.0.0.1:3000 --api http://127.0.0.1:3001/guarded \\
      --api-resource http://127.0.0.1:3001 --local --only D
  $ npm run conformance -- --issuer https://auth.example.com --stack Countersign --report report`;
