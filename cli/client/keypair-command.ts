import { type Command, Option } from 'commander';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import {
  type AssertionAlgorithm,
  algorithmsFor,
  assertionAlgorithms,
} from '../../functions/oauth/assertion-algorithms.ts';
import { type CommandLine, printer } from '../command/command-context.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { CliError } from '../io/cli-error.ts';
import { writePrivateFile } from '../io/private-file.ts';
import { note } from '../io/terminal.ts';

/** Defines `countersign keypair`, which needs no deployment. */
export function defineKeypair(command: Command, commandLine: CommandLine): void {
  command.addOption(
    new Option('--alg <alg>', 'what the client signs by')
      .choices(assertionAlgorithms)
      .default('ES256'),
  );
  addRequiredOption(
    command,
    new Option('--out <file>', 'where the private key goes, in PEM').argParser(fileValue),
  )
    .option('--force', 'replace that file')
    .addHelpText('after', examples)
    .action((options: KeypairOptions, self: Command) => keypair(commandLine, options, self));
}

interface KeypairOptions {
  readonly alg: AssertionAlgorithm;
  readonly out: string;
  readonly force?: boolean;
}

function fileValue(path: string): string {
  if (path !== '-') return path;
  throw new CliError('the private key goes to a file, not to standard output: name one', 2);
}

async function keypair(
  { terminal }: CommandLine,
  { alg, out, force = false }: KeypairOptions,
  self: Command,
): Promise<void> {
  const pair = await generateKeyPair(alg, { extractable: true, modulusLength: 3072 });
  const jwk = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(jwk, 'sha256');
  const jwks = { keys: [{ ...jwk, kid, alg, use: 'sig' }] };
  await writePrivateFile(out, await exportPKCS8(pair.privateKey), force);
  const text = JSON.stringify(jwks, undefined, 2);
  printer(terminal, self)({ json: jwks, text });
  note(terminal, `The private key is in ${out}: it is for the client alone.`);
  // Without --alg, countersign token takes the first algorithm that fits the key.
  if (alg !== algorithmsFor(jwk)[0])
    note(terminal, `countersign token needs --alg ${alg} with it.`);
}

const examples = `
The private key is written to a file that its owner alone may read (PKCS #8, PEM). It is printed
nowhere, and goes to no registry. What is printed is for client create and client update. A key for
token --dpop and for dpop-proof is registered nowhere: there what is printed is not needed.

Examples:
  $ countersign keypair --out billing.pem > billing.json
  $ countersign client create --name "Billing" --jwks billing.json
  $ countersign keypair --alg EdDSA --out billing.pem --force > billing.json
  $ countersign keypair --out dpop.pem > /dev/null`;
