import { type Command, Option } from 'commander';
import { type Revocation, revocableKinds } from '../../functions/oauth/revocation.ts';
import { listRevocations } from '../../registry/revocation-listing.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import {
  limitValue,
  momentOf,
  momentValue,
  type PartOptions,
  partNotes,
} from '../command/list-options.ts';
import { note } from '../io/terminal.ts';
import { revocationsText } from './view.ts';

interface ListOptions extends PartOptions {
  readonly kind?: Revocation['kind'];
  readonly since?: ReturnType<typeof momentValue>;
}

/** Defines `countersign revocation`. */
export function addRevocationCommands(revocation: Command, commandLine: CommandLine): void {
  revocation
    .command('list')
    .description('list what is revoked now, in the order in which that was done')
    .addOption(new Option('--kind <kind>', 'of this kind').choices(revocableKinds))
    .option('--since <when>', 'such as 10m for so long ago, or 2026-01-31', momentValue)
    .option('--limit <count>', 'so many at most', limitValue)
    .option('--after <token>', 'go on where the list before said next')
    .addHelpText('after', listHelp)
    .action(registryAction(commandLine, list));
}

async function list(
  context: CommandContext,
  { kind, since, limit, after }: ListOptions,
): Promise<void> {
  const listing = await listRevocations(context.registry, {
    kind,
    since: since && ((now) => momentOf(since, now)),
    limit,
    after,
  });
  const { records: revocations, next } = listing;
  context.print({ json: { revocations, next }, text: revocationsText(revocations) });
  if (context.json) return;
  for (const sentence of partNotes(listing, context.invocation)) note(context.terminal, sentence);
}

const listHelp = `
token: one token, by its jti. client, resource: all tokens of a client, or for a resource server, that were
issued before a time. key: all that a key has signed. Each is forgotten by itself when the last token that it is
about has expired. --since reads no more than is shown; it goes by AWS's clock.

Examples:
  $ countersign revocation list
  $ countersign revocation list --since 10m --json
  $ countersign revocation list --kind client --limit 100`;
