import { createHash, randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import {
  type AssertionAlgorithm,
  dpopAlgorithms,
} from '../../functions/oauth/assertion-algorithms.ts';
import { type CommandLine, printer } from '../command/command-context.ts';
import { addRequiredOption } from '../command/required-option.ts';
import { CliError } from '../io/cli-error.ts';
import { readInput } from '../io/input-file.ts';
import { readSigningKey } from '../io/signing-key-file.ts';
import type { Terminal } from '../io/terminal.ts';

interface DpopProofOptions {
  readonly key: string;
  readonly htm: string;
  readonly htu: string;
  readonly accessToken?: string;
  readonly nonce?: string;
  readonly alg?: AssertionAlgorithm;
}

/** Defines `countersign dpop-proof`, which makes a DPoP proof and needs no deployment. */
export function defineDpopProof(command: Command, commandLine: CommandLine): void {
  addRequiredOption(command, new Option('--key <file>', 'the private key, in PEM'));
  addRequiredOption(command, new Option('--htm <method>', 'method of the request').argParser(htm));
  addRequiredOption(command, new Option('--htu <url>', 'URL of the request').argParser(htu));
  command
    .option(
      '--access-token <token>',
      'the token that goes with it; - is standard input, which other users cannot see',
    )
    .option('--nonce <nonce>', 'what the server has sent as DPoP-Nonce', nonceValue)
    .addOption(new Option('--alg <alg>', 'sign with this algorithm').choices(dpopAlgorithms))
    .addHelpText('after', examples)
    .action((options: DpopProofOptions, self: Command) => print(commandLine, options, self));
}

function htm(text: string): string {
  if (/^[A-Z]+$/.test(text)) return text;
  throw new CliError('a method is written in capital letters, such as GET', 2);
}

/** Checks a nonce by its characters (RFC 9449 §8.1). */
function nonceValue(text: string): string {
  if (/^[\x21\x23-\x5B\x5D-\x7E]+$/.test(text)) return text;
  throw new CliError('a nonce is what DPoP-Nonce has, and not empty', 2);
}

/** Takes query and fragment off a URL (RFC 9449 §4.2). */
function htu(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new CliError('a URL is an http or https one, without user information', 2);
  }
  return `${url.origin}${url.pathname}`;
}

async function print(
  { terminal, now }: CommandLine,
  options: DpopProofOptions,
  self: Command,
): Promise<void> {
  const ath = await athOf(terminal, options);
  const { privateKey, jwk, alg } = await readSigningKey(terminal, options.key, options.alg);
  const proof = await new SignJWT({
    jti: randomUUID(),
    htm: options.htm,
    htu: options.htu,
    iat: now(),
    ath,
    nonce: options.nonce,
  })
    .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk })
    .sign(privateKey);
  const jkt = await calculateJwkThumbprint(jwk);
  printer(terminal, self)({ json: { proof, jkt }, text: proof });
}

/** The hash that ties a proof to an access token (RFC 9449 §4.2). */
async function athOf(
  terminal: Terminal,
  { accessToken, key }: DpopProofOptions,
): Promise<string | undefined> {
  if (accessToken === undefined) return undefined;
  if (accessToken === '-' && key === '-')
    throw new CliError('standard input can be read once only', 2);
  const token = accessToken === '-' ? (await readInput(terminal, '-')).trim() : accessToken;
  if (!/^[\w.~+/-]+=*$/.test(token)) throw new CliError('--access-token is no access token', 2);
  return createHash('sha256').update(token).digest('base64url');
}

const examples = `
A proof is good for one request, within a minute.

Examples:
  $ countersign keypair --out dpop.pem > /dev/null
  $ PROOF=$(countersign dpop-proof --key dpop.pem --htm POST --htu https://auth.example.com/token)
  $ curl -u s6BhdRkqt3:... -H "DPoP: $PROOF" -d grant_type=client_credentials https://auth.example.com/token
  $ PROOF=$(echo "$TOKEN" | countersign dpop-proof --key dpop.pem --htm GET \\
      --htu https://api.example.com/orders --access-token -)
  $ curl -H "Authorization: DPoP $TOKEN" -H "DPoP: $PROOF" https://api.example.com/orders`;
