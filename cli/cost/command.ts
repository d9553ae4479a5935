import { type Command, Option } from 'commander';
import {
  type SigningAlgorithmName,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import { type CommandLine, printer } from '../command/command-context.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { CliError } from '../io/cli-error.ts';
import { assumed } from './assumptions.ts';
import { billOf } from './bill.ts';
import {
  countValue,
  factorValue,
  instancesValue,
  millisecondsValue,
  pricedRegion,
  secondsValue,
  shareValue,
} from './option-values.ts';
import { pricesCollectedOn } from './prices.ts';
import { snakeCased } from './record.ts';
import { billText } from './report.ts';
import { authentications, signings, type Workload } from './workload.ts';

/** Defines `countersign cost`, which needs no deployment. */
export function defineCost(command: Command, commandLine: CommandLine): void {
  addRequiredOption(
    command,
    new Option('--tokens-per-month <count>', 'tokens issued, such as 10e6 or 10M').argParser(
      countValue,
    ),
  );
  addWorkloadOptions(command)
    .addHelpText('after', examples)
    .action((options: Workload, self: Command) => tell(commandLine, options, self));
}

function addWorkloadOptions(command: Command): Command {
  return command
    .option('--clients <count>', 'registered clients', countValue, 10)
    .addOption(
      new Option('--alg <alg>', 'what tokens are signed with')
        .choices(Object.keys(signingAlgorithms))
        .default('RS256' satisfies SigningAlgorithmName),
    )
    .addOption(
      new Option('--signing <how>', 'the setting of this name: whether KMS signs each token')
        .choices(signings)
        .default('kms'),
    )
    .option(
      '--requests-per-signature <factor>',
      'requests that get the same token by the setting tokenReuse',
      factorValue,
      1,
    )
    .option(
      '--client-cache-hits <share>',
      'how often the setting clientCache saves the read of a client, 0 to 1',
      shareValue,
      0,
    )
    .option(
      '--billed-ms <milliseconds>',
      'what Lambda bills for a request on average, cold starts included, if it was measured',
      millisecondsValue,
    )
    .addOption(
      new Option('--auth <how>', 'how clients authenticate; an assertion is a write')
        .choices(authentications)
        .default('secret'),
    )
    .option('--dpop', 'tokens are bound to keys; a proof is a write', false)
    .option(
      '--authorizers <count>',
      'busy instances of authorizers that refuse what is revoked',
      instancesValue,
      0,
    )
    .option(
      '--revocation-max-age <seconds>',
      'how often each of them looks at what is revoked',
      secondsValue,
      5,
    )
    .option('--read-revocation-table', 'they read the table, and not the list', false);
}

function tell({ terminal }: CommandLine, workload: Workload, self: Command): void {
  checkWorkload(workload);
  const region = pricedRegion(self.optsWithGlobals<{ readonly region?: string }>().region);
  const bill = billOf(workload, region);
  const json = snakeCased({
    region,
    currency: 'USD',
    pricesCollectedOn,
    workload,
    assumed,
    ...bill,
  });
  const text = billText(bill, heading(workload, region));
  printer(terminal, self)({ json, text });
}

/** @throws CliError */
function checkWorkload(workload: Workload): void {
  const { alg, signing, dpop, requestsPerSignature } = workload;
  if (signing === 'kms-wrapped' && signingAlgorithms[alg].kty === 'AKP') {
    throw new CliError(`KMS makes no wrapped key pair for ${alg}`, 2);
  }
  if (dpop && requestsPerSignature > 1) {
    throw new CliError(
      'a token that is bound to a key by DPoP is not used again: --dpop goes with one request per signature',
      2,
    );
  }
  if (workload.readRevocationTable && workload.authorizers === 0) {
    throw new CliError('--read-revocation-table goes with --authorizers, which says how many', 2);
  }
}

/** The first line for people: what was asked. */
const heading = ({ tokensPerMonth, alg, signing }: Workload, region: string): string =>
  `Tokens a month: ${tokensPerMonth.toLocaleString('en-US')}, in ${region}, ` +
  `signed with ${alg} (signing: ${signing}).`;

const examples = `
Idle is what a deployment costs that issues no token. --json has the same, unrounded.

Examples:
  $ countersign cost --tokens-per-month 10e6
  $ countersign cost --tokens-per-month 100M --clients 5000 --region eu-central-1 --alg ES256
  $ countersign cost --tokens-per-month 1G --signing kms-wrapped --client-cache-hits 0.9
  $ countersign cost --tokens-per-month 10M --auth assertion --dpop --json
  $ countersign cost --tokens-per-month 10M --billed-ms 21.5
  $ countersign cost --tokens-per-month 10M --authorizers 20 --revocation-max-age 5`;
