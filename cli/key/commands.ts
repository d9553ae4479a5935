import { type Command, Option } from 'commander';
import type { CommandLine } from '../command/command-context.ts';
import { CliError } from '../io/cli-error.ts';
import { list, revoke, rotate } from './actions.ts';
import { keyAction } from './key-command-context.ts';
import { keyStates } from './key-states.ts';
import { isKid } from './kid.ts';

/** Defines `countersign key`. */
export function addKeyCommands(key: Command, commandLine: CommandLine): void {
  key
    .command('list')
    .description('list the signing keys, and what becomes of each next by itself')
    .addOption(new Option('--state <state>', 'those in this state').choices(keyStates))
    .addHelpText('after', listExamples)
    .action(keyAction(commandLine, list));
  key
    .command('rotate')
    .description('publish a new key, which signs once every verifier can know it')
    .option('--now', 'let it sign at once: some verifiers may refuse its tokens for a while')
    .option('--yes', 'do not ask')
    .addHelpText('after', rotateExamples)
    .action(keyAction(commandLine, rotate));
  key
    .command('revoke')
    .description('take a key away at once; tokens that it signed are refused')
    .argument('<kid>', 'as key list shows it', kidValue)
    .option('--replace', 'make a new key if no other can take its place')
    .option('--yes', 'do not ask')
    .addHelpText('after', revokeExamples)
    .action(keyAction(commandLine, revoke));
}

/**
 * Reads a kid: an RFC 7638 thumbprint by SHA-256.
 * @throws CliError
 */
function kidValue(text: string): string {
  if (isKid(text)) return text;
  throw new CliError('a kid is 43 characters of base64url, as `countersign key list` shows it', 2);
}

const listExamples = `
pending: published, signs later. active: signs. retired: published as long as its tokens may live.
removed: off the JWK Set, to be deleted.

Examples:
  $ countersign key list
  $ countersign key list --json`;

const rotateExamples = `
Keys are rotated by themselves; this is for a rotation before its time.

Examples:
  $ countersign key rotate
  $ countersign key rotate --now`;

const revokeExamples = `
For a key that was misused. Another published key signs in its place. It is named in the revocation list: APIs
that refuse revoked tokens do so within the seconds that each has set (refuseRevokedWithin).

Examples:
  $ countersign key revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs
  $ countersign key revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --replace`;
