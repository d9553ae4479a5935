import { type Command, Option } from 'commander';
import { registryKey } from '../../functions/aws/registry-items.ts';
import {
  type CommandContext,
  type CommandLine,
  registryAction,
} from '../command/command-context.ts';
import { limitValue, momentOf, momentValue } from '../command/list-options.ts';
import { CliError } from '../io/cli-error.ts';
import { date } from '../io/table.ts';
import { note } from '../io/terminal.ts';
import { type RecordedChanges, recordedChanges } from './recorded-changes.ts';
import { historyText } from './view.ts';

interface HistoryOptions {
  readonly since: ReturnType<typeof momentValue>;
  readonly limit: number;
}

/** Defines `countersign history`. */
export function defineHistory(command: Command, commandLine: CommandLine): void {
  command
    .argument('[id]', 'a client_id, or the identifier of a resource server; deleted ones too')
    .addOption(
      new Option('--since <when>', 'such as 7d for so long ago, or 2026-01-31')
        .argParser(momentValue)
        .default(momentValue('90d'), '90d'),
    )
    .addOption(
      new Option('--limit <count>', 'so many at most, the newest')
        .argParser(limitValue)
        .default(100),
    )
    .addHelpText('after', help)
    .action(registryAction(commandLine, history));
}

async function history(
  context: CommandContext,
  options: HistoryOptions,
  id: string | undefined,
): Promise<void> {
  const since = momentOf(options.since, context.now());
  const { logLines } = await import('./log-lines.ts');
  const lines = logLines(context.deployment.history, since);
  const found = await recordedChanges(lines, { id, since, limit: options.limit });
  if (id !== undefined && found.changes.length === 0) await demandKnown(context, id);
  const { changes, more } = found;
  const none = `No change since ${date(since)} is recorded.`;
  context.print({
    json: { changes, since, more },
    text: changes.length === 0 ? none : historyText(changes),
  });
  if (!context.json) tellRest(context, found, since);
}

/** What has no history in this time may still be there. @throws CliError when it is not */
async function demandKnown({ registry }: CommandContext, id: string): Promise<void> {
  const keys = [registryKey.client(id), registryKey.resourceServer(id)];
  const items = await Promise.all(keys.map((key) => registry.store.read(key)));
  if (items.some((item) => item !== undefined)) return;
  const sentence = `no change of ${id} is recorded in this time, and no client or resource server is called so: look further back with --since, or see \`countersign client list\``;
  throw new CliError(sentence, 1, { code: 'not_found' });
}

function tellRest(
  { terminal }: CommandContext,
  { more, unreadable }: RecordedChanges,
  since: number,
): void {
  if (more) note(terminal, 'There are older ones: --limit shows more.');
  if (unreadable > 0) {
    note(
      terminal,
      `warning: ${unreadable} changes are recorded that nobody can read; see docs/history.md.`,
    );
  }
  note(terminal, `Changes since ${date(since)} are shown; --since looks further back.`);
}

const help = `
The newest come first. A change is shown some seconds after it was made. "not by Countersign" is what was
changed in another way: in the console, by an SDK, or by an older release. What was changed before the
deployment kept a history is not known. With --local they are the changes since npm start.

Examples:
  $ countersign history
  $ countersign history s6BhdRkqt3 --since 7d
  $ countersign history https://api.example.com --since 2026-01-31 --limit 10 --json`;
