import { Argument, type Command, Option } from 'commander';
import {
  type NamedToken,
  parseJti,
  readAccessToken,
  revokeToken,
} from '../../registry/token-revocation.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import { effectHelp, noteEffect, revocationRecord } from '../command/revocation-effect.ts';
import { CliError } from '../io/cli-error.ts';
import { readInput } from '../io/input-file.ts';
import { date } from '../io/table.ts';
import { note } from '../io/terminal.ts';
import { verifyOwnSignature } from './own-signature.ts';

interface RevokeOptions {
  readonly tokenFile?: string;
  readonly jti?: string;
}

/** Adds `countersign token revoke`. */
export function addTokenRevocation(token: Command, commandLine: CommandLine): void {
  token
    .command('revoke')
    .description('revoke one access token')
    .addOption(
      new Option('--token-file <file>', 'that has the token; - is standard input').conflicts('jti'),
    )
    .option('--jti <jti>', 'its jti, where the token itself cannot be had', parseJti)
    // No argument is shown: one that is there all the same must not get into an error.
    .addArgument(new Argument('[token...]').argParser(refuseArgument))
    .usage('[options]')
    // Those of `token` say how to get one.
    .configureHelp({
      ...token.configureHelp(),
      visibleGlobalOptions: (command) => [...rootOf(command).options],
    })
    .addHelpText('after', effectHelp)
    .addHelpText('after', examples)
    .action(registryAction(commandLine, revoke));
}

/** @throws CliError always */
function refuseArgument(): never {
  throw new CliError(
    'a token is no argument, for others can see those: --token-file FILE (- is standard input)',
    2,
  );
}

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);

async function revoke(context: CommandContext, options: RevokeOptions): Promise<void> {
  const token = await tokenOf(context, options);
  const { jti } = token;
  const { revocation, expires_at } = await revokeToken(context.registry, token);
  if (!revocation) {
    const text = `The token ${jti} is refused by everybody since ${date(expires_at)}, for it has expired: nothing was done.`;
    return context.print({ json: { jti, revoked: false, expires_at }, text });
  }
  const json = { jti, revoked: true, ...revocationRecord(revocation) };
  context.print({ json, text: `Revoked the token ${jti}.` });
  if (!revocation.status) note(context.terminal, withoutPlace);
  noteEffect(context, revocation);
}

async function tokenOf(
  { terminal, deployment }: CommandContext,
  { tokenFile, jti }: RevokeOptions,
): Promise<NamedToken> {
  if (jti !== undefined) return { jti };
  if (tokenFile === undefined) {
    throw new CliError('say which token: --token-file FILE (- is standard input), or --jti JTI', 2);
  }
  const { issuer } = deployment;
  const text = (await readInput(terminal, tokenFile)).trim();
  const token = readAccessToken(text, issuer);
  await verifyOwnSignature({ text, issuer, jti: token.jti });
  return token;
}

const withoutPlace =
  'It is named by its jti alone: verifiers of other makers, which read status lists, do not see it.';

const examples = `
The token is read from a file, or from standard input, and never from the command line: other users of this
computer, and its history, can see that. Its signature is verified with the keys that the issuer publishes: what
somebody else has made up may name the place of another token. By its jti alone it is named for a day, as long as
a token can live.

Examples:
  $ countersign token revoke --token-file stolen.jwt
  $ countersign token revoke --token-file - < stolen.jwt
  $ countersign token revoke --jti wTkxFyQDB8q1qVUWyh04Jw`;
